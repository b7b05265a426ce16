#ifndef CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_ANSWERS_H_
#define CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_ANSWERS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::bundles {

// The trained model that scores bundles; unset if heuristic-v0 does.
using BundleScoring = std::optional<bundle_model::BundleModel>;

// The bundles that the model answers `query` with, best first. If the bound on the overlap is only
// a preference and leaves too few, or takes too many steps, a second search without it fills them
// up. RESOURCE_EXHAUSTED if a search takes too many steps or meets too many pairs.
absl::StatusOr<std::vector<scoring::ScoredBundle>> SearchBundles(const PopulationView& population,
                                                                 const BundleScoring& model,
                                                                 const scoring::BundleQuery& query,
                                                                 scoring::Wanted wanted);

// Calls `use` with a function that scores bundles of this population, each with its items ascending
// by SKU. Errors are those of `use` and, if the model is unset, of PopulationView::reference.
using ScoreOne = absl::FunctionRef<scoring::ScoredBundle(absl::Span<const mining::Item> items)>;
absl::Status WithScorer(const PopulationView& population, const BundleScoring& model,
                        scoring::Wanted wanted,
                        absl::FunctionRef<absl::Status(ScoreOne score)> use);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_RECOMMEND_BUNDLE_ANSWERS_H_
