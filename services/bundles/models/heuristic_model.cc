#include "services/bundles/models/heuristic_model.h"

#include "absl/strings/str_cat.h"
#include "services/bundles/models/model_file.h"
#include "services/bundles/models/models.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::bundles {

std::string HeuristicParameters() {
  std::string text = absl::StrCat("model ", kHeuristic, "\n");
  for (const scoring::HeuristicFeature& feature : scoring::HeuristicFeatures()) {
    absl::StrAppend(&text, "weight.", feature.name, " ", scoring::kWeights.*feature.measure, "\n");
  }
  absl::StrAppend(&text, "slope ", scoring::kSlope, "\ncentre ", scoring::kCentre,
                  "\nreference_support ", scoring::kReferenceSupport, "\nreference_count ",
                  scoring::kReferenceCount, "\n");
  return text;
}

v1::Model HeuristicModel() {
  v1::Model heuristic;
  heuristic.set_model_id(kHeuristic);
  for (const scoring::HeuristicFeature& feature : scoring::HeuristicFeatures())
    heuristic.add_features(feature.name);
  heuristic.set_digest(Sha256(HeuristicParameters()));
  return heuristic;
}

}  // namespace clustr::bundles
