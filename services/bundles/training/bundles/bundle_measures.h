#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_MEASURES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_MEASURES_H_

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/training/bundles/bundle_cases.h"
#include "services/bundles/training/ranking_measures.h"

namespace clustr::training {

inline constexpr size_t kRankedBundles = 100;
inline constexpr size_t kPreciseBundles = 50;

// The bundles whose probability lies in one of ten ranges of equal width.
struct CalibrationBin {
  double lower = 0;      // End of the range.
  double predicted = 0;  // Mean probability.
  double observed = 0;   // Share of them with n >= 1 (see BundleMeasures).
  size_t count = 0;      // At least 1.
};

// What the period shows for one bundle.
struct LaterSales {
  double gain = 0;
  bool lifted = false;
  bool again = false;
};

// How well bundles were ranked by scores, and how true probabilities were. In the period, a bundle
// is in n of the N baskets, its products in n1, n2, ... each, and chance would be e = N * (n1 / N)
// * (n2 / N) * ...
// A bundle is lifted if (n - e) / sqrt(e + 1) >= 2: it sold more than chance explains.
struct BundleMeasures {
  // NDCG of the first kRankedBundles; the gain of a bundle is log2(1 + max(0, n - e)).
  Mean ndcg;
  Mean average_precision;  // Of finding lifted bundles.
  Mean precision;          // Share of the first kPreciseBundles that is lifted.
  // The mean squared error of the probability that n >= 1.
  Mean brier;
  // Over ten bins of equal width, the mean distance between the mean probability of the bundles of
  // a bin and the share of them with n >= 1, weighted by their number.
  Mean calibration_error;
  std::vector<CalibrationBin> bins = {};  // Of the calibration error, ascending.
};

// Measures one score and one probability per case; ties rank in the order of the cases. Without
// probabilities, brier and calibration_error are 0. Standard errors are those of a jackknife that
// leaves out one part of the period's baskets at a time, except that of brier, which is that of a
// mean.
BundleMeasures MeasureBundles(const BundleCases& cases, absl::Span<const double> scores,
                              absl::Span<const double> probabilities);

// NDCG and average precision together, which choices rest on.
struct BundleQuality {
  double value = 0;
  std::array<double, kParts> without = {};  // The same without each part of the period's baskets.
};

// Judges scores, one per case, by what the period shows. Borrows the cases. Not thread-safe.
class BundleJudge {
 public:
  explicit BundleJudge(const BundleCases& cases);

  // O(cases * log(cases)).
  double Judge(absl::Span<const double> scores) const;
  // Costs kParts times as much.
  BundleQuality JudgeByPart(absl::Span<const double> scores) const;

 private:
  const BundleCases& cases_;
  std::vector<LaterSales> later_;
};

// The standard error of a.value - b.value, by a jackknife over the parts.
double ErrorOfDifference(const BundleQuality& a, const BundleQuality& b);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_MEASURES_H_
