#include "services/bundles/recommend/scored_answer.h"

#include <utility>

namespace clustr::bundles {

ModelPtr ModelFor(const Parts& parts, const std::string& model_id, const std::string& traffic_key) {
  if (!model_id.empty()) {
    absl::StatusOr<ModelPtr> model = parts.models.Find(model_id);
    if (model.ok()) return *std::move(model);
  }
  return parts.models.ForKey(traffic_key);
}

void FillScored(const Parts& parts, const PopulationView& population, const std::string& model_id,
                v1::Provenance* provenance) {
  FillProvenance(parts, population.state().revisions, population.selection().basket_count,
                 provenance);
  provenance->set_model_id(model_id);
}

}  // namespace clustr::bundles
