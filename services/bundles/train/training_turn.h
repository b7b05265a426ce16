#ifndef CLUSTR_SERVICES_BUNDLES_TRAIN_TRAINING_TURN_H_
#define CLUSTR_SERVICES_BUNDLES_TRAIN_TRAINING_TURN_H_

#include <atomic>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "common/storage/server/server_lock.h"

namespace clustr::bundles {

// Sees to it that one model is trained at a time: by this server and, if there are others on its
// database, by all of them together. Thread-safe.
class TrainingTurn {
 public:
  // `among_servers` is null for a server that is alone on its database.
  explicit TrainingTurn(std::unique_ptr<storage::ServerLock> among_servers)
      : among_servers_(std::move(among_servers)) {}

  // Takes the turn of this server; RESOURCE_EXHAUSTED, reason QUOTA, if a training has it. Never
  // blocks.
  absl::Status TakeHere();
  // With the turn of this server, takes that of all servers; likewise if another one has it, and
  // UNAVAILABLE with reason DATABASE_UNREACHABLE if nobody can tell. May block for some seconds.
  absl::Status TakeAmongServers();
  // Ends both, as far as they were taken.
  void End();

 private:
  std::atomic<bool> taken_{false};
  const std::unique_ptr<storage::ServerLock> among_servers_;  // For the one who has the turn here.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_TRAIN_TRAINING_TURN_H_
