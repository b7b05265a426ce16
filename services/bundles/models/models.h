#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/bundles/v1/model_service.pb.h"
#include "common/storage/store.h"

namespace clustr::bundles {

// The scoring models: so far heuristic-v0 only, which needs no training. Immutable.
class Models {
 public:
  // Loads the models, and stores in the database when it first had each. Error messages are meant
  // for an operator.
  static absl::StatusOr<Models> Load(storage::Store* store);

  // The model with this id, or the active one for "". NOT_FOUND with reason MODEL_NOT_FOUND if
  // there is none. The pointer is valid as long as this object.
  absl::StatusOr<const v1::Model*> Find(const std::string& model_id) const;

  // Answers ListModels.
  absl::Status List(const v1::ListModelsRequest& request, v1::ListModelsResponse* response) const;

 private:
  explicit Models(v1::Model heuristic) : heuristic_(std::move(heuristic)) {}

  const v1::Model heuristic_;
};

// The parameters of heuristic-v0 as text, one line `name value` each. Model.digest is the hash of
// this text.
std::string HeuristicParameters();

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_
