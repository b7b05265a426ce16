#include "services/bundles/mining/measures/measures.h"

#include <algorithm>
#include <cmath>

#include "absl/numeric/int128.h"

namespace clustr::mining {
namespace {

using absl::int128;

// The nearest double, like a conversion of 128 bits, which takes ten times as long.
double ToDouble(int128 number) {
  const auto low = static_cast<int64_t>(number);
  return number == low ? static_cast<double>(low) : static_cast<double>(number);
}

double Quotient(int128 numerator, int128 denominator) {
  if (denominator == 0) return 0;
  return ToDouble(numerator) / ToDouble(denominator);
}

int128 Excess(const RuleCounts& c) {
  return int128(c.count_ab) * c.basket_count - int128(c.count_a) * c.count_b;
}

}  // namespace

double Support(const RuleCounts& c) { return Quotient(c.count_ab, c.basket_count); }

double Confidence(const RuleCounts& c) { return Quotient(c.count_ab, c.count_a); }

double Lift(const RuleCounts& c) {
  return Quotient(int128(c.count_ab) * c.basket_count, int128(c.count_a) * c.count_b);
}

double Leverage(const RuleCounts& c) {
  return Quotient(Excess(c), int128(c.basket_count) * c.basket_count);
}

std::optional<double> Conviction(const RuleCounts& c) {
  if (c.count_ab == c.count_a) return std::nullopt;
  return Quotient(int128(c.count_a) * (c.basket_count - c.count_b),
                  int128(c.basket_count) * (c.count_a - c.count_ab));
}

double ZhangsMetric(const RuleCounts& c) {
  return Quotient(Excess(c), std::max(int128(c.count_ab) * (c.basket_count - c.count_a),
                                      int128(c.count_a) * (c.count_b - c.count_ab)));
}

double Jaccard(const RuleCounts& c) {
  return Quotient(c.count_ab, int128(c.count_a) + c.count_b - c.count_ab);
}

double Certainty(const RuleCounts& c) {
  const int128 excess = Excess(c);
  if (excess > 0) return Quotient(excess, int128(c.count_a) * (c.basket_count - c.count_b));
  if (excess < 0) return Quotient(excess, int128(c.count_a) * c.count_b);
  return 0;
}

double Kulczynski(const RuleCounts& c) {
  return Quotient(int128(c.count_ab) * (int128(c.count_a) + c.count_b),
                  2 * int128(c.count_a) * c.count_b);
}

double AntecedentSupport(const RuleCounts& c) { return Quotient(c.count_a, c.basket_count); }

double ConsequentSupport(const RuleCounts& c) { return Quotient(c.count_b, c.basket_count); }

double Representativity(const RuleCounts& c) { return Quotient(c.basket_count, c.basket_count); }

double Cosine(const RuleCounts& c) {
  return std::sqrt(Quotient(int128(c.count_ab) * c.count_ab, int128(c.count_a) * c.count_b));
}

double Phi(const RuleCounts& c) {
  const int128 left = int128(c.count_a) * (c.basket_count - c.count_a);
  const int128 right = int128(c.count_b) * (c.basket_count - c.count_b);
  if (left == 0 || right == 0) return 0;
  return static_cast<double>(Excess(c)) /
         (std::sqrt(static_cast<double>(left)) * std::sqrt(static_cast<double>(right)));
}

std::optional<double> OddsRatio(const RuleCounts& c) {
  if (c.count_ab == c.count_a || c.count_ab == c.count_b) return std::nullopt;
  return Quotient(int128(c.count_ab) * (c.basket_count - c.count_a - c.count_b + c.count_ab),
                  int128(c.count_a - c.count_ab) * (c.count_b - c.count_ab));
}

double AddedValue(const RuleCounts& c) {
  return Quotient(Excess(c), int128(c.count_a) * c.basket_count);
}

double AllConfidence(const RuleCounts& c) {
  return Quotient(c.count_ab, std::max(c.count_a, c.count_b));
}

double ChiSquared(const RuleCounts& c) {
  const double phi = Phi(c);
  return static_cast<double>(c.basket_count) * phi * phi;
}

Interval LiftInterval(const RuleCounts& c) {
  if (c.count_ab == 0) return {};
  const double a = static_cast<double>(c.count_a);
  const double b = static_cast<double>(c.count_b);
  const double ab = static_cast<double>(c.count_ab);
  const double variance =
      1 / ab - 1 / a - 1 / b + 2 * ab / (a * b) - 1 / static_cast<double>(c.basket_count);
  // The exact variance is never negative, but its rounded sum can be.
  const double reach = std::exp(1.959964 * std::sqrt(std::max(variance, 0.0)));
  const double lift = Lift(c);
  return {.low = lift / reach, .high = lift * reach};
}

}  // namespace clustr::mining
