#ifndef CLUSTR_COMMON_RPC_ADMIN_BACKUP_SOURCE_H_
#define CLUSTR_COMMON_RPC_ADMIN_BACKUP_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"
#include "common/storage/store.h"

namespace clustr::rpc {

// What one backup may cost the server.
struct BackupLimits {
  absl::Duration max_pause = absl::Seconds(30);  // Between two chunks that the client takes.
  int64_t max_wal_bytes = int64_t{4} << 30;      // By which the -wal file may grow meanwhile.
};

class BackupSource;

// Gives up, within a second, the backups that cost more than they may. Thread-safe.
class BackupWatch {
 public:
  explicit BackupWatch(BackupLimits limits);
  // Every source must be gone.
  ~BackupWatch();
  BackupWatch(const BackupWatch&) = delete;
  BackupWatch& operator=(const BackupWatch&) = delete;

  const BackupLimits& limits() const { return limits_; }

 private:
  friend class BackupSource;
  void Add(BackupSource* source);
  void Remove(BackupSource* source);
  void Watch();
  // Checks all sources; returns one whose client must be cancelled, or nullptr.
  BackupSource* CheckAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const BackupLimits limits_;
  absl::Mutex mutex_;
  SteadyCondition changed_;
  std::set<BackupSource*> sources_ ABSL_GUARDED_BY(mutex_);
  BackupSource* cancelling_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Makes the messages of one Backup. Holds the state of the database from the first message on,
// until the last, or until it is given up. Thread-safe.
class BackupSource {
 public:
  // `cancel` ends the call of a client that no longer reads. Borrows store and watch.
  BackupSource(storage::Store* store, std::string server_version, BackupWatch* watch,
               std::function<void()> cancel);
  ~BackupSource();
  BackupSource(const BackupSource&) = delete;
  BackupSource& operator=(const BackupSource&) = delete;

  // Fills the next message; false behind the last. FAILED_PRECONDITION with reason BACKUP_REFUSED
  // if the backup was given up.
  absl::StatusOr<bool> Next(ops::v1::BackupResponse* response);

 private:
  friend class BackupWatch;
  // Gives the backup up if it costs too much; true if its client is to be cancelled, once.
  bool Check();

  storage::Store& store_;
  const std::string server_version_;
  BackupWatch& watch_;
  const std::function<void()> cancel_;
  absl::Mutex mutex_;
  std::unique_ptr<storage::Snapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
  bool begun_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status given_up_ ABSL_GUARDED_BY(mutex_);
  int64_t wal_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // At the beginning.
  SteadyTime taken_ ABSL_GUARDED_BY(mutex_);       // When the last chunk was made.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ADMIN_BACKUP_SOURCE_H_
