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
#include "services/bundles/models/model_keeper.h"
#include "services/bundles/models/traffic.h"
#include "services/bundles/products/served_model.h"
#include "services/bundles/program/commit_follower.h"

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

// The scoring models: heuristic-v0, which needs no training, and the trained ones, each in a file
// of its own, or in the database if other servers share that. Then all of them follow what one of
// them adds, removes or chooses. Thread-safe; borrows the store.
class Models {
 public:
  // Loads the models and the choice of the active one. A model that is damaged or foreign is left
  // alone and reported by Problems; if it was the active one, the newest good one answers. `keep`
  // is how many trained models are kept, at least 1; those in use are always among them. Error
  // messages are meant for an operator.
  static absl::StatusOr<std::unique_ptr<Models>> Load(storage::Store* store,
                                                      std::unique_ptr<ModelKeeper> keeper,
                                                      int64_t keep);

  // The model with this id, or the active one for "". NOT_FOUND with reason MODEL_NOT_FOUND if
  // there is none in memory.
  absl::StatusOr<ModelPtr> Find(const std::string& model_id) const;
  // Calls `done` with OK once all of these models are in memory, or with MODEL_NOT_FOUND: at once,
  // or if another server may have added one of them, after a look at the database on a thread of
  // this object; then also with the error of the store. Never blocks.
  void WhenKnown(const std::vector<std::string>& model_ids,
                 std::function<void(const absl::Status&)> done);
  // Looks what other servers have changed, if there are any. Blocks. The errors of the store.
  absl::Status CatchUp();
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
  // trained models that are neither in use nor among those to keep. Blocks until it is durable;
  // must not be called on a thread of the store's pool. The errors of ModelKeeper::Write and of the
  // store.
  absl::StatusOr<ModelPtr> Add(StoredModel trained);

  // Divides the traffic by these shares, which must be valid, or ends the division if there are
  // none. Calls `done` like Activate.
  void SetTraffic(std::vector<TrafficShare> shares, std::function<void(const absl::Status&)> done);

  // Makes a model the active one, ends a division of the traffic, and calls `done` with the id of
  // the one that was active before, on a thread of the store's pool or of this object, once the
  // choice is durable and holds here; or with MODEL_NOT_FOUND or the error of the store.
  void Activate(const std::string& model_id,
                std::function<void(const absl::StatusOr<std::string>& previous)> done);

  // A sentence for an operator, with the remedy, about each model that could not be loaded.
  std::vector<std::string> Problems() const;

 private:
  // What is stored: the choice and, if they were read, the trained models, oldest first.
  struct Stored {
    std::string active_id;
    std::vector<TrafficShare> traffic;
    std::vector<ModelPtr> trained;
    std::vector<std::string> problems;  // Of models that cannot be read.
  };

  Models(storage::Store* store, std::unique_ptr<ModelKeeper> keeper, int64_t keep)
      : store_(*store), keeper_(std::move(keeper)), keep_(keep) {}

  // Makes the memory equal to what is stored: always the choice, and if `with_models`, the models.
  absl::Status Refresh(bool with_models);
  // The same behind a write of this object, which was confirmed: the models only if other servers
  // may have changed them.
  void RefreshThen(std::function<void(const absl::Status&)> done);
  // Those in memory are not read again.
  void ReadModels(storage::Session& session, Stored* stored) const;
  void Adopt(Stored stored, bool with_models);
  static absl::Status NotFound(const std::string& model_id);
  // Error if one of the models is not in memory.
  absl::Status AllKnown(const std::vector<std::string>& model_ids) const;
  // Error if one of the models is not stored any more. Inside a write.
  absl::Status AllKept(storage::Session& session, const std::vector<std::string>& model_ids) const;
  // Removes models that are not to be kept beside a new one, inside the write of that one. Returns
  // their ids.
  std::vector<std::string> RemoveOldest(storage::WriteContext& context) const;
  ModelPtr FindLocked(const std::string& model_id) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // The model that answers for a share: the active one if its own was lost.
  ModelPtr ForShare(const std::string& model_id) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  storage::Store& store_;
  const std::unique_ptr<ModelKeeper> keeper_;
  const int64_t keep_;
  ModelPtr heuristic_;
  // Held from a read of what is stored until the memory is equal to it, so that nothing older
  // replaces it.
  absl::Mutex refresh_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  std::vector<ModelPtr> models_
      ABSL_GUARDED_BY(mutex_);  // Oldest first; heuristic-v0 is the first.
  ModelPtr active_ ABSL_GUARDED_BY(mutex_);
  std::vector<TrafficShare> traffic_ ABSL_GUARDED_BY(mutex_);  // Empty while it is not divided.
  std::vector<std::string> model_problems_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> choice_problems_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<CommitFollower> follower_;  // Null if no other server shares the models.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODELS_H_
