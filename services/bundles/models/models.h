#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clustr/bundles/v1/model_service.pb.h"
#include "common/storage/store.h"
#include "services/bundles/models/model_file.h"
#include "services/bundles/models/traffic.h"
#include "services/bundles/products/served_model.h"

namespace clustr::bundles {

// The id of the model that exists from the first start.
inline constexpr char kHeuristic[] = "heuristic-v0";

// A model that can answer. Immutable.
struct KnownModel {
  v1::Model info;                                         // Without `active`.
  std::shared_ptr<const products::ServedModel> products;  // nullptr for heuristic-v0.
  std::optional<bundle_model::BundleModel> bundles;       // Unset if heuristic-v0 scores bundles.
};
using ModelPtr = std::shared_ptr<const KnownModel>;

// Where trained models are kept, and how many.
struct ModelFolder {
  std::string path;
  int64_t keep = 5;  // Trained models, at least 1; those in use are always among them.
};

// The scoring models: heuristic-v0, which needs no training, and the trained ones, each in a file
// of its own. Thread-safe; borrows the store.
class Models {
 public:
  // Loads the models and the choice of the active one. A file that is damaged or foreign is left
  // alone and reported by Problems; if it was the active model, the newest good one answers.
  // Error messages are meant for an operator.
  static absl::StatusOr<std::unique_ptr<Models>> Load(storage::Store* store, ModelFolder folder);

  // The model with this id, or the active one for "". NOT_FOUND with reason MODEL_NOT_FOUND if
  // there is none.
  absl::StatusOr<ModelPtr> Find(const std::string& model_id) const;
  ModelPtr active() const;
  const KnownModel& heuristic() const { return *heuristic_; }
  // The model that answers a request with this traffic key which names no model: the active one for
  // "", while the traffic is not divided, and for the share of a model that was lost.
  ModelPtr ForKey(const std::string& traffic_key) const;
  // The same for a request that heuristic-v0 cannot answer: where the traffic is divided, the share
  // of heuristic-v0 goes to the trained model with the largest share.
  ModelPtr TrainedForKey(const std::string& traffic_key) const;
  // True while SetTraffic divides the traffic.
  bool traffic_is_divided() const;
  // What clients see of a model.
  v1::Model InfoOf(const KnownModel& model) const;

  // Answers ListModels.
  absl::Status List(const v1::ListModelsRequest& request, v1::ListModelsResponse* response) const;

  // Gives a trained model its id, digest and creation time, and stores it; then removes the oldest
  // trained models that are neither active nor among those to keep. Blocks until it is durable;
  // must not be called on a thread of the store's pool. The errors of WriteModelFile and of the
  // store.
  absl::StatusOr<ModelPtr> Add(StoredModel trained);

  // Divides the traffic by these shares, which must be valid, or ends the division if there are
  // none. Calls `done` like Activate.
  void SetTraffic(std::vector<TrafficShare> shares, std::function<void(absl::Status)> done);

  // Makes a model the active one, ends a division of the traffic, and calls `done` with the one
  // that was active before, on a thread of the store's pool, once the choice is durable; or with
  // MODEL_NOT_FOUND or the error of the store.
  void Activate(const std::string& model_id,
                std::function<void(absl::StatusOr<ModelPtr> previous)> done);

  // A sentence for an operator, with the remedy, about each model that could not be loaded.
  std::vector<std::string> Problems() const;

 private:
  Models(storage::Store* store, ModelFolder folder) : store_(*store), folder_(std::move(folder)) {}

  std::string PathOf(const std::string& model_id) const;
  void ReadFiles();
  void Choose(const std::string& active_id);
  void Divide(std::vector<TrafficShare> shares);
  ModelPtr FindLocked(const std::string& model_id) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // The model that answers for a share: the active one if its own was lost.
  ModelPtr ForShare(const std::string& model_id) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // True if the model is active or has a share of the traffic.
  bool IsInUse(const ModelPtr& model) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void RemoveOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::Store& store_;
  const ModelFolder folder_;
  ModelPtr heuristic_;
  mutable absl::Mutex mutex_;
  std::vector<ModelPtr> models_
      ABSL_GUARDED_BY(mutex_);  // Oldest first; heuristic-v0 is the first.
  ModelPtr active_ ABSL_GUARDED_BY(mutex_);
  std::vector<TrafficShare> traffic_ ABSL_GUARDED_BY(mutex_);  // Empty while it is not divided.
  std::vector<std::string> problems_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_
