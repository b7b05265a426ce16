#ifndef CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_MEASURES_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_MEASURES_H_

#include <cstdint>
#include <optional>

namespace clustr::mining {

// The counts by which a rule A => C is judged. Requires 0 <= count_ab <= count_a, count_b <=
// basket_count and count_a + count_b - count_ab <= basket_count <= 2^62.
struct RuleCounts {
  int64_t count_a = 0;       // Baskets that contain all of A.
  int64_t count_b = 0;       // Baskets that contain all of C.
  int64_t count_ab = 0;      // Baskets that contain both.
  int64_t basket_count = 0;  // N.

  bool operator==(const RuleCounts&) const = default;
};

// Unless its comment says otherwise, a measure is one IEEE division of two integers that are exact
// in 128 bits and rounded to double once, so equal counts give equal bytes on every machine. A
// quotient with denominator 0 is 0, except for Conviction and OddsRatio. d stands for count_ab * N
// - count_a * count_b, the excess over independence. Source: Hahsler, "A Probabilistic Comparison
// of Commonly Used Interest Measures for Association Rules", which names the papers given below.

// count_ab / N, in [0, 1] (Agrawal et al. 1993). 0 without baskets.
double Support(const RuleCounts& counts);

// count_ab / count_a, in [0, 1]: P(C | A) (Agrawal et al. 1993). 0 if no basket contains A.
double Confidence(const RuleCounts& counts);

// count_ab * N / (count_a * count_b), in [0, N]: how many times more often A and C occur together
// than they would if independent; 1 under independence (Brin et al. 1997). 0 if no basket contains
// A, or none C.
double Lift(const RuleCounts& counts);

// d / N^2, in [-0.25, 0.25]: support beyond independence; 0 under independence (Piatetsky-Shapiro
// 1991).
double Leverage(const RuleCounts& counts);

// count_a * (N - count_b) / (N * (count_a - count_ab)), in [0, infinity): how many times as often
// the rule would fail under independence; 1 under independence (Brin et al. 1997). Unset where it
// is infinite or undefined: count_ab = count_a.
std::optional<double> Conviction(const RuleCounts& counts);

// d / max(count_ab * (N - count_a), count_a * (count_b - count_ab)), in [-1, 1]: -1 if never
// together, 0 under independence, 1 if C occurs only with A (Zhang 2000).
double ZhangsMetric(const RuleCounts& counts);

// count_ab / (count_a + count_b - count_ab), in [0, 1]: the share of the baskets with either side
// that contain both (Tan and Kumar 2000).
double Jaccard(const RuleCounts& counts);

// d / (count_a * (N - count_b)) if d > 0, d / (count_a * count_b) if d < 0, otherwise 0, in [-1,
// 1]: how far A moves the belief in C towards certainty, or away from it (Berzal et al. 2002).
double Certainty(const RuleCounts& counts);

// count_ab * (count_a + count_b) / (2 * count_a * count_b), in [0, 1]: mean of the confidences of A
// => C and C => A, independent of baskets with neither (Kulczynski 1927).
double Kulczynski(const RuleCounts& counts);

// count_a / N, in [0, 1] (mlxtend's antecedent support, arules' coverage). 0 without baskets.
double AntecedentSupport(const RuleCounts& counts);

// count_b / N, in [0, 1] (mlxtend's consequent support). 0 without baskets.
double ConsequentSupport(const RuleCounts& counts);

// 1: the share of baskets whose items are known, which is all of them here (mlxtend's
// representativity: rows without missing values over all rows). 0 without baskets.
double Representativity(const RuleCounts& counts);

// sqrt(count_ab^2 / (count_a * count_b)), in [0, 1]: geometric mean of the confidences of A => C
// and C => A, independent of baskets with neither (Tan et al. 2004). One division and one square
// root.
double Cosine(const RuleCounts& counts);

// d / sqrt(count_a * count_b * (N - count_a) * (N - count_b)), in [-1, 1]: correlation of the two
// sides; 0 under independence (Pearson; Tan et al. 2004). The root is the product of two roots,
// each rounded once.
double Phi(const RuleCounts& counts);

// count_ab * (N - count_a - count_b + count_ab) / ((count_a - count_ab) * (count_b - count_ab)), in
// [0, infinity): odds of C with A over those without A (Tan et al. 2004). Unset where it is
// infinite or undefined: count_ab = count_a or count_ab = count_b.
std::optional<double> OddsRatio(const RuleCounts& counts);

// d / (count_a * N), in [-1, 1]: confidence beyond the support of C (added value: Sahar and Mansour
// 1999). 0 if no basket contains A.
double AddedValue(const RuleCounts& counts);

// The minimum of count_ab / count_a and count_ab / count_b, in [0, 1] (all confidence: Omiecinski
// 2003). 0 if no basket contains A, or none C.
double AllConfidence(const RuleCounts& counts);

// N * phi^2 = N * d^2 / (count_a * count_b * (N - count_a) * (N - count_b)), in [0, N]:
// chi-squared statistic of the two-by-two table without correction (Liu et al. 1999).
double ChiSquared(const RuleCounts& counts);

struct Interval {
  double low = 0;
  double high = 0;
};

// 95 % confidence interval of the lift, by the delta method on its logarithm: lift * exp(-/+
// 1.959964 * sqrt( 1/count_ab - 1/count_a - 1/count_b + 2*count_ab/(count_a*count_b) - 1/N)). 0 and
// 0 if count_ab is 0.
Interval LiftInterval(const RuleCounts& counts);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_MEASURES_MEASURES_H_
