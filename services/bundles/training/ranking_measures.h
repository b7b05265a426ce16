#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_RANKING_MEASURES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_RANKING_MEASURES_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

inline constexpr size_t kTop = 10;

// A mean over cases.
struct Mean {
  double value = 0;
  double standard_error = 0;  // Of the mean, from the sample variance; 0 with fewer than two cases.

  bool operator==(const Mean&) const = default;
};

Mean MeanOf(absl::Span<const double> values);

// How well products were ranked, over all cases; each value is from 0 to 1.
struct RankingMeasures {
  Mean ndcg;            // Normalised discounted cumulative gain of the first kTop.
  Mean recall;          // Share of the wanted products that is among the first kTop.
  Mean hit;             // Share of the cases with a wanted product among the first kTop.
  Mean mrr;             // Mean of 1 / rank of the best wanted product; 0 beyond the first kTop.
  double coverage = 0;  // Share of all products that is among the first kTop of some case.
  // The NDCG of each case, and the mean of its NDCG, recall, hit and MRR, for paired comparisons.
  std::vector<double> ndcg_by_case;
  std::vector<double> quality_by_case;

  // The mean of all four, by which next baskets are tuned, chosen and compared: one measure alone
  // would let a method serve that is worse by another.
  double quality() const { return (ndcg.value + recall.value + hit.value + mrr.value) / 4; }
};

// Collects the measures, case by case.
class RankingMeasurement {
 public:
  explicit RankingMeasurement(size_t product_count) : shown_(product_count) {}

  // Adds a case: all products but `excluded` are ranked by `scores`, highest first; ties: lower
  // number first. `wanted` and `excluded` ascend; no wanted product is excluded.
  void Add(absl::Span<const float> scores, absl::Span<const ProductNumber> wanted,
           absl::Span<const ProductNumber> excluded);

  // Adds the cases of another measurement of the same products, after those of this one.
  void Append(const RankingMeasurement& other);

  RankingMeasures Result() const;

 private:
  std::vector<bool> shown_;
  std::vector<double> ndcg_;
  std::vector<double> recall_;
  std::vector<double> hit_;
  std::vector<double> mrr_;
};

// The first `count` products by `scores`, as RankingMeasurement ranks them.
std::vector<ProductNumber> TopProducts(absl::Span<const float> scores, size_t count,
                                       absl::Span<const ProductNumber> excluded);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_RANKING_MEASURES_H_
