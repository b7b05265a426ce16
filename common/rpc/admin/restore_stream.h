#ifndef CLUSTR_COMMON_RPC_ADMIN_RESTORE_STREAM_H_
#define CLUSTR_COMMON_RPC_ADMIN_RESTORE_STREAM_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/backup/backup_check.h"
#include "common/base/call_slots.h"
#include "common/base/pause_watch.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"
#include "common/rpc/call_under_way.h"
#include "common/storage/store.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace clustr::rpc {

// One Restore. The writer of the store takes one message after the other and waits for the client
// meanwhile, so one message is in memory, and nothing is stored before the last. Deletes itself
// when gRPC is done with it.
class RestoreStream final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  // Begins to read, with a slot that it keeps until its end; without one, it ends with the error at
  // once, and so it does if the caller may not make this call. A client that pauses (see IsMoving)
  // longer than `max_pause`, or whose message takes kMaxPausesPerMessage times as long, is given
  // up; `pauses` watches over the first. Borrows response, store and pauses.
  RestoreStream(const grpc::CallbackServerContext& context, grpc::ByteBuffer* response,
                storage::Store* store, absl::StatusOr<CallSlots::Slot> slot,
                absl::Duration max_pause, PauseWatch* pauses);

 private:
  void OnReadDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // The content of the next message. Blocks until it is there. On the writer thread.
  absl::StatusOr<ops::v1::BackupContent> Next();
  // The first message did not come.
  void GiveUp();
  // Waits for the next message, or the end of them; false if the client pauses for too long.
  bool AwaitMessage() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The error of a restore whose client has paused for too long.
  absl::Status Paused() const;
  void End(absl::Status status);
  void Answer();

  CallUnderWay under_way_;
  grpc::ByteBuffer* const response_;
  storage::Store* const store_;
  const absl::StatusOr<CallSlots::Slot> slot_;
  const absl::Duration max_pause_;
  const std::function<int64_t()> arrived_;  // Bytes from the client.
  ops::v1::RestoreResponse answer_;
  backup::BackupCheck check_;  // Used on the writer thread, and after the restore has ended.
  grpc::ByteBuffer bytes_;     // Belongs to the read that is under way, if any.

  absl::Mutex mutex_;
  SteadyCondition changed_;  // One of the following has changed.
  std::optional<ops::v1::RestoreRequest> message_ ABSL_GUARDED_BY(mutex_);
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status read_status_ ABSL_GUARDED_BY(mutex_);  // Why nothing more can be read.
  PauseWatch::Stream first_;  // While it waits for the first message. The first to be destroyed.
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ADMIN_RESTORE_STREAM_H_
