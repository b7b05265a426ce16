#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_TRAIN_BUNDLES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_TRAIN_BUNDLES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/training/bundles/bundle_cases.h"
#include "services/bundles/training/bundles/bundle_measures.h"
#include "services/bundles/training/data/progress.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

// The name of the trained model among the methods that score bundles, and that of the present one.
inline constexpr char kRates[] = "rates";
inline constexpr char kHeuristicMethod[] = "heuristic_v0";

struct MeasuredBundles {
  std::string name;
  BundleMeasures measures;
  bool has_probability = false;
};

struct TrainedBundles {
  std::string champion = kHeuristicMethod;
  std::optional<bundle_model::BundleModel> model;  // Set if it is the champion.
  // Every method on the evaluation period, the trained one last; empty if there is no case.
  std::vector<MeasuredBundles> methods;
  size_t case_count = 0;
};

// Fewer bundles in a period decide nothing, and heuristic-v0 stays.
inline constexpr size_t kMinBundleCases = 20;

// Trains the model of bundles. `inner_day` and `split_day` begin two periods, the inner one and the
// evaluation period. On the inner one, with what was sold before it, the model is fitted, and the
// champion is chosen: the model if its NDCG and its average precision together are above those of
// heuristic-v0. On the evaluation period, all methods are measured. The model that serves is fitted
// to that period. So nothing after the split influences what is measured, and the choice does not
// see what is reported.
//
// Errors are those of FindBundleCases.
absl::StatusOr<TrainedBundles> TrainBundles(const Purchases& purchases, int32_t inner_day,
                                            int32_t split_day, const BundleLimits& limits,
                                            const Wanted& wanted);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_TRAIN_BUNDLES_H_
