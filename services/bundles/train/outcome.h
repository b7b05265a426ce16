#ifndef CLUSTR_SERVICES_BUNDLES_TRAIN_OUTCOME_H_
#define CLUSTR_SERVICES_BUNDLES_TRAIN_OUTCOME_H_

#include <optional>
#include <string>

#include "services/bundles/models/models.h"
#include "services/bundles/train/shop_size.h"
#include "services/bundles/training/incumbent.h"
#include "services/bundles/training/train_products.h"

namespace clustr::bundles {

// Whether a new model is better than the active one, and a sentence that says so and why.
struct Judgement {
  bool better = false;
  std::string outcome;
};

// By training::ComparedSum on the evaluation period.
Judgement JudgeAgainstHeuristic(const training::TrainedProducts& trained);
Judgement JudgeAgainstModel(const training::Comparison& comparison, const std::string& active_id);

// The outcome if activation was not asked for.
std::string NotAskedToActivate();
std::string NotWhileTrafficIsDivided();

// What the newest trained model learned from; nullopt if there is none.
std::optional<ShopSize> LastTraining(const Models& models);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_TRAIN_OUTCOME_H_
