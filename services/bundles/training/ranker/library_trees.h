#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_LIBRARY_TREES_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_LIBRARY_TREES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/bundles/products/ranker/boosted_trees.h"

namespace clustr::training {

// The trees in a model that XGBoost 1.7 wrote as JSON, with a base of 0; children are renumbered to
// come in pairs after their parents. INTERNAL if the text does not have the expected lists. The
// text must come from the library: it is searched for the lists, not checked to be JSON.
absl::StatusOr<products::BoostedTrees> ReadLibraryTrees(absl::string_view json);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_RANKER_LIBRARY_TREES_H_
