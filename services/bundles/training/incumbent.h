#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_INCUMBENT_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_INCUMBENT_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/training/train_products.h"

namespace clustr::training {

// Fewer cases than this say nothing about which model is better.
inline constexpr size_t kMinComparedCases = 50;

// What models are compared by: the NDCG of completion and RankingMeasures::quality of next baskets,
// by which the champion of next baskets is chosen too.
inline double ComparedSum(const RankingMeasures& completion, const RankingMeasures& next_basket) {
  return completion.ndcg.value + next_basket.quality();
}

// How a new model and the one in use did on the newest days, which neither had seen.
struct Comparison {
  int32_t first_day = 0;  // Of the days that were compared.
  size_t case_count = 0;  // Of completion and next baskets together.
  double challenger = 0;  // ComparedSum.
  double incumbent = 0;

  bool decided() const { return case_count >= kMinComparedCases; }
  bool challenger_wins() const { return decided() && challenger > incumbent; }
};

// Compares the champions of `trained` with `incumbent` on the newer half of the days that the
// incumbent has not seen, but not on days before the evaluation period of `trained`. The champions
// are fitted to what lies before these days. Errors are those of `wanted`.
absl::StatusOr<Comparison> CompareWithIncumbent(const Purchases& purchases,
                                                const TrainedProducts& trained,
                                                const products::ProductModel& incumbent,
                                                const TrainingOptions& options,
                                                const Wanted& wanted);

// The model with the products of `skus`, which ascend, as its products: those that it does not know
// have no counts and no links; those of its own that `skus` lack are dropped.
products::ProductModel Renumber(const products::ProductModel& model,
                                const std::vector<int64_t>& skus);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_INCUMBENT_H_
