#include "common/rpc/admin/restore_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/connections/connection.h"
#include "common/rpc/stream_in.h"
#include "grpcpp/impl/codegen/proto_utils.h"

namespace clustr::rpc {

using ops::v1::BackupContent;
using ops::v1::RestoreRequest;

RestoreStream::RestoreStream(const grpc::CallbackServerContext& context, grpc::ByteBuffer* response,
                             storage::Store* store, absl::StatusOr<CallSlots::Slot> slot,
                             absl::Duration max_pause, PauseWatch* pauses)
    : under_way_(context, MethodOf<RestoreRequest>()),
      response_(response),
      store_(store),
      slot_(std::move(slot)),
      max_pause_(max_pause),
      arrived_(Connection::ArrivedFrom(context.peer())),
      first_(
          pauses, [this] { GiveUp(); }, arrived_) {
  absl::Status refused = under_way_.admitted();
  refused.Update(slot_.status());
  if (!refused.ok()) {
    End(refused);
  } else {
    first_.Begin();
    StartRead(&bytes_);
  }
}

void RestoreStream::GiveUp() {
  {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(started_, true)) return;
    read_status_ = Paused();
  }
  End(Paused());
}

absl::Status RestoreStream::Paused() const {
  return backup::Refused(absl::StrCat(
      "less than ", kLeastBytesPerSecond, " bytes a second came for ",
      absl::FormatDuration(max_pause_), ", or one message took more than ",
      absl::FormatDuration(kMaxPausesPerMessage * max_pause_), "; send it again without pauses"));
}

void RestoreStream::OnReadDone(bool ok) {
  first_.End();
  RestoreRequest message;
  const bool decoded =
      ok && grpc::SerializationTraits<RestoreRequest>::Deserialize(&bytes_, &message).ok();
  bool start = false;
  if (ok) under_way_.AddReceived(bytes_.Length());
  absl::Status refused;
  {
    absl::MutexLock lock(&mutex_);
    if (decoded) {
      message_ = std::move(message);
    } else {
      read_all_ = true;
      if (ok && read_status_.ok()) {
        read_status_ = UndecodableMessage(check_.chunks() + 1, *RestoreRequest::descriptor());
      }
    }
    start = !std::exchange(started_, true);
    if (!read_status_.ok()) refused = read_status_;
    changed_.NotifyAll();
  }
  if (start && !refused.ok()) return End(refused);
  // Not before the first message, because the writer waits from here on.
  if (start) {
    store_->Restore([this] { return Next(); },
                    [this](const absl::Status& status) {
                      if (status.ok()) Answer();
                      End(status);
                    });
  }
}

bool RestoreStream::AwaitMessage() {
  const auto ready = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return message_.has_value() || read_all_ || !read_status_.ok();
  };
  int64_t arrived = arrived_();
  for (int pauses = 0; pauses < kMaxPausesPerMessage; ++pauses) {
    if (changed_.WaitUntil(&mutex_, Deadline::In(max_pause_), ready)) return true;
    const int64_t before = std::exchange(arrived, arrived_());
    if (!IsMoving(arrived - before, max_pause_)) return false;
  }
  return false;
}

absl::StatusOr<BackupContent> RestoreStream::Next() {
  RestoreRequest message;
  {
    absl::MutexLock lock(&mutex_);
    if (!AwaitMessage()) return Paused();
    CLUSTR_RETURN_IF_ERROR(read_status_);
    if (!message_.has_value()) {
      const absl::Status missing = check_.Complete();
      return missing.ok() ? absl::InternalError("the end of a backup was read twice") : missing;
    }
    message = *std::move(message_);
    message_.reset();
  }
  CLUSTR_ASSIGN_OR_RETURN(BackupContent content, check_.Next(message.chunk()));
  // What follows the end of a backup is not read.
  if (!content.has_end()) StartRead(&bytes_);
  return content;
}

void RestoreStream::Answer() {
  answer_.set_service(check_.header().service());
  answer_.set_revision(check_.header().revision());
  *answer_.mutable_row_counts() = check_.header().row_counts();
  answer_.set_data_sha256(check_.end().data_sha256());
  bool own_buffer = false;
  grpc::SerializationTraits<ops::v1::RestoreResponse>::Serialize(answer_, response_, &own_buffer);
}

void RestoreStream::End(absl::Status status) {
  {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(ended_, true)) return;
  }
  under_way_.AddSent(response_->Length());
  under_way_.End(status, nullptr, &answer_);
  Finish(ToGrpc(status));
}

void RestoreStream::OnCancel() {
  absl::MutexLock lock(&mutex_);
  if (read_status_.ok()) read_status_ = GoneError(true);
  changed_.NotifyAll();
}

void RestoreStream::OnDone() {
  // The thread that called Finish may still hold the lock.
  { absl::MutexLock lock(&mutex_); }
  delete this;
}

}  // namespace clustr::rpc
