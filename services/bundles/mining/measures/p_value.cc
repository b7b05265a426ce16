#include "services/bundles/mining/measures/p_value.h"

#include <algorithm>
#include <cmath>

#include "absl/numeric/int128.h"

namespace clustr::mining {
namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;
// A tail is cut off where it is below this share of the sum.
constexpr double kNegligible = 1e-13;

// ln m! - (m ln m - m). It is small, so sums of such terms keep the precision that differences of
// logarithms of factorials of millions would lose.
double FactorialResidue(int64_t m) {
  constexpr double kFactorials[] = {
      1,     1,      2,       6,        24,        120,        720,         5040,
      40320, 362880, 3628800, 39916800, 479001600, 6227020800, 87178291200, 1307674368000};
  if (m == 0) return 0;
  const double x = static_cast<double>(m);
  if (m < 16) return std::log(kFactorials[m]) - x * std::log(x) + x;
  // Stirling's series. The first omitted term is below 1e-13.
  const double r = 1 / (x * x);
  const double stirling =
      (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - r / 1188) * r) * r) * r) / x;
  return 0.5 * std::log(kTwoPi * x) + stirling;
}

// observed * ln(observed / expected) + expected - observed, which is at least 0. `excess` is
// observed - expected, passed in because subtracting here would cancel (Loader, "Fast and Accurate
// Computation of Binomial Probabilities", 2000).
double Deviance(double observed, double expected, double excess) {
  if (observed == 0) return expected;
  if (std::abs(excess) > 0.1 * (observed + expected)) {
    return observed * std::log(observed / expected) - excess;
  }
  // With v = excess / (observed + expected): ln((1 + v) / (1 - v)) = 2 (v + v^3/3 + v^5/5 ...).
  const double v = excess / (observed + expected);
  double sum = excess * v;
  double power = 2 * observed * v;
  for (int k = 3;; k += 2) {
    power *= v * v;
    const double next = sum + power / k;
    if (next == sum) return sum;
    sum = next;
  }
}

// The two-by-two table of a rule with `both` baskets in its first cell.
struct Table {
  int64_t both, only_a, only_b, neither;
};

// ln P(X = table.both), by a saddle-point expansion about the expected table, whose terms do not
// cancel.
double LogProbability(const RuleCounts& c, const Table& t) {
  const double n = static_cast<double>(c.basket_count);
  const double a = static_cast<double>(c.count_a), not_a = n - a;
  const double b = static_cast<double>(c.count_b), not_b = n - b;
  const double excess = static_cast<double>(absl::int128(t.both) * c.basket_count -
                                            absl::int128(c.count_a) * c.count_b) /
                        n;
  const double deviance = Deviance(static_cast<double>(t.both), a * b / n, excess) +
                          Deviance(static_cast<double>(t.only_a), a * not_b / n, -excess) +
                          Deviance(static_cast<double>(t.only_b), not_a * b / n, -excess) +
                          Deviance(static_cast<double>(t.neither), not_a * not_b / n, excess);
  const double margins = FactorialResidue(c.count_a) + FactorialResidue(c.count_b) +
                         FactorialResidue(c.basket_count - c.count_a) +
                         FactorialResidue(c.basket_count - c.count_b) -
                         FactorialResidue(c.basket_count);
  const double cells = FactorialResidue(t.both) + FactorialResidue(t.only_a) +
                       FactorialResidue(t.only_b) + FactorialResidue(t.neither);
  return margins - cells - deviance;
}

// Sum of P(X = x) / P(X = t.both) over x from t.both on, away from the mode: upwards if `up`,
// otherwise downwards, which is upwards with the cells' roles exchanged.
double TailRatio(const Table& t, bool up) {
  double shrink1 = static_cast<double>(up ? t.only_a : t.both);
  double shrink2 = static_cast<double>(up ? t.only_b : t.neither);
  double grow1 = static_cast<double>(up ? t.both : t.only_a);
  double grow2 = static_cast<double>(up ? t.neither : t.only_b);
  double sum = 1;
  for (double term = 1; shrink1 > 0 && shrink2 > 0;) {
    const double ratio = (shrink1-- * shrink2--) / (++grow1 * ++grow2);
    term *= ratio;
    sum += term;
    // The ratios fall, so the remainder is below a geometric series.
    if (ratio < 1 && term * ratio < kNegligible * (1 - ratio) * sum) break;
  }
  return sum;
}

}  // namespace

PValue FisherPValue(const RuleCounts& counts) {
  const RuleCounts& c = counts;
  const int64_t min_both = std::max<int64_t>(0, c.count_a - (c.basket_count - c.count_b));
  if (c.count_ab <= min_both) return {};
  const auto table = [&](int64_t both) {
    return Table{both, c.count_a - both, c.count_b - both,
                 c.basket_count - c.count_a - c.count_b + both};
  };
  const auto expected = absl::int128(c.count_a) * c.count_b / c.basket_count;
  if (c.count_ab > expected) {
    const Table t = table(c.count_ab);
    const double log = std::min(0.0, LogProbability(c, t) + std::log(TailRatio(t, true)));
    return {.value = std::exp(log), .log = log};
  }
  // The upper tail contains the mode, so it is not small and 1 - lower tail loses no precision.
  const Table t = table(c.count_ab - 1);
  const double lower = std::exp(LogProbability(c, t) + std::log(TailRatio(t, false)));
  return {.value = 1 - lower, .log = std::log1p(-lower)};
}

}  // namespace clustr::mining
