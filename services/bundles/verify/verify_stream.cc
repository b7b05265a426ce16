#include "services/bundles/verify/verify_stream.h"

#include <utility>

#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace clustr::bundles {

VerifyStream::VerifyStream(grpc::CallbackServerContext* context,
                           const v1::VerifyAssociationRulesRequest* request)
    : context_(*context),
      request_(request),
      deadline_(rpc::DeadlineOf(*context)),
      start_(SteadyNow()) {
  rpc::DropUnknownFields(request);
}

void VerifyStream::SendProgress(const v1::VerifyAssociationRulesResponse& progress) {
  {
    absl::MutexLock lock(&mutex_);
    if (sending_) return;
    message_ = progress;
    sending_ = true;
  }
  StartWrite(&message_);
}

void VerifyStream::End(const absl::Status& status, v1::VerifyAssociationRulesResponse last) {
  {
    absl::MutexLock lock(&mutex_);
    status_ = status;
    if (status.ok()) last_ = std::move(last);
    if (sending_) return;
  }
  Advance();
}

void VerifyStream::Advance() {
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    if (last_.has_value()) {
      message_ = *std::exchange(last_, std::nullopt);
      sending_ = true;
    } else {
      status = *status_;
    }
    if (sending_) {
      StartWrite(&message_);
      return;
    }
  }
  LogCall(rpc::MethodOf(*v1::VerifyAssociationRulesRequest::descriptor()),
          rpc::CodeName(status.code()), ReasonName(ReasonOf(status)), Since(start_));
  Finish(rpc::ToGrpc(status));
}

void VerifyStream::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    sending_ = false;
    if (!ok) {
      cancelled_.store(true, std::memory_order_relaxed);
      last_.reset();
      if (status_.has_value() && status_->ok()) status_ = GoneError(true);
    }
    if (!status_.has_value()) return;
  }
  Advance();
}

void VerifyStream::OnDone() {
  // The thread that called Finish or StartWrite may still hold the lock.
  { absl::MutexLock lock(&mutex_); }
  delete this;
}

}  // namespace clustr::bundles
