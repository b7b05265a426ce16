#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/bundles/v1/model_service.pb.h"
#include "common/storage/store.h"

namespace clustr::bundles {

// The scoring models that there are: heuristic-v0, which needs no training. Immutable.
class Models {
 public:
  // The models of a database, where a new one is remembered. Errors are for an operator.
  static absl::StatusOr<Models> Load(storage::Store* store);

  // The model of this id, or the active one for "". NOT_FOUND with reason MODEL_NOT_FOUND. What it
  // points at lives as long as this.
  absl::StatusOr<const v1::Model*> Find(const std::string& model_id) const;

  // ListModels.
  absl::Status List(const v1::ListModelsRequest& request, v1::ListModelsResponse* response) const;

 private:
  explicit Models(v1::Model heuristic) : heuristic_(std::move(heuristic)) {}

  const v1::Model heuristic_;
};

// The parameters of heuristic-v0 as text, a line `name value` each: what its digest is made of.
std::string HeuristicParameters();

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_
