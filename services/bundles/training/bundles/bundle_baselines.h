#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_BASELINES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_BASELINES_H_

#include <string>
#include <vector>

#include "services/bundles/training/bundles/bundle_cases.h"

namespace clustr::training {

// The scores of a method that learns nothing, one per case.
struct BundleBaseline {
  std::string name;
  std::vector<double> scores;
  bool is_probability = false;  // Whether the scores can be read as probabilities.
};

// In this order: `lift`, `confidence` (all-confidence), `support`, and `heuristic_v0`, whose
// reference pairs are those of the cases.
std::vector<BundleBaseline> BundleBaselines(const BundleCases& cases);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_BUNDLES_BUNDLE_BASELINES_H_
