#ifndef CLUSTR_SERVICES_BUNDLES_TRAIN_TRAININGS_H_
#define CLUSTR_SERVICES_BUNDLES_TRAIN_TRAININGS_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clustr/bundles/v1/model_service.pb.h"
#include "common/base/histogram.h"
#include "common/base/steady_condition.h"
#include "common/base/thread_pool.h"
#include "common/rpc/records/metrics.h"
#include "grpcpp/support/server_callback.h"
#include "services/bundles/models/models.h"
#include "services/bundles/request/parts.h"
#include "services/bundles/train/shop_size.h"
#include "services/bundles/train/train_stream.h"
#include "services/bundles/train/training_turn.h"
#include "services/bundles/training/train_products.h"

namespace clustr::bundles {

// Answers TrainModel, and trains on its own when the shop has grown. One training runs at a time,
// also of all servers that share a database, on up to two threads with the lowest priority.
// Thread-safe; borrows `parts`.
class Trainings {
 public:
  // If `automatic`, looks every few seconds whether it is time to train, until Drain. For
  // `among_servers` see TrainingTurn.
  Trainings(const Parts& parts, bool automatic, std::unique_ptr<storage::ServerLock> among_servers);
  ~Trainings();
  Trainings(const Trainings&) = delete;
  Trainings& operator=(const Trainings&) = delete;

  // Starts a training. A second one ends with RESOURCE_EXHAUSTED, reason QUOTA.
  grpc::ServerWriteReactor<v1::TrainModelResponse>* Start(grpc::CallbackServerContext* context,
                                                          const v1::TrainModelRequest* request);

  // Adds how long trainings took.
  void AddMetrics(rpc::Metrics* metrics) const;

  // Tells a running training to end, and starts no further one. Does not wait: threads of the
  // lowest priority may get no time to notice.
  void Drain();

 private:
  struct Result {
    ModelPtr model;
    std::string outcome;  // See v1::TrainModelResponse.
  };

  void Run(TrainStream* stream);
  absl::StatusOr<Result> Train(const v1::TrainModelRequest& request, const training::Wanted& wanted,
                               const training::Progress& progress);
  // Activates the new model if it is better than the active one. Returns the outcome.
  absl::StatusOr<std::string> ActivateIfBetter(const training::Purchases& purchases,
                                               const training::TrainedProducts& trained,
                                               const training::TrainingOptions& options,
                                               const ModelPtr& model,
                                               const training::Wanted& wanted);
  absl::Status Activate(const ModelPtr& model);

  // The thread of automatic training.
  void Watch();
  // Trains unless another server does, or has just done so; true if it was tried. `known` is what
  // LastTraining said before.
  bool TrainOnItsOwn(const std::optional<ShopSize>& known);
  bool AwaitEnding(absl::Duration timeout);
  absl::Status Wanted() const;

  const Parts parts_;
  TrainingTurn turn_;
  Histogram training_seconds_{SecondsBounds()};
  mutable absl::Mutex mutex_;
  SteadyCondition end_;
  std::atomic<bool> ending_{false};  // Set under the lock, but read without it.
  std::thread watcher_;
  ThreadPool pool_{1};
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_TRAIN_TRAININGS_H_
