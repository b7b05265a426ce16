#include "services/bundles/verify/verify_stream.h"

#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace clustr::bundles {

VerifyStream::VerifyStream(grpc::CallbackServerContext* context,
                           const v1::VerifyAssociationRulesRequest* request)
    : request_(request), deadline_(absl::FromChrono(context->deadline())), start_(absl::Now()) {}

void VerifyStream::Send(const v1::VerifyAssociationRulesResponse& message) {
  {
    absl::MutexLock lock(&mutex_);
    AwaitSent();
    message_ = message;
    sending_ = true;
  }
  StartWrite(&message_);
}

void VerifyStream::End(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    AwaitSent();
  }
  LogCall(rpc::MethodOf(*v1::VerifyAssociationRulesRequest::descriptor()),
          rpc::CodeName(status.code()), ReasonName(ReasonOf(status)), absl::Now() - start_);
  Finish(rpc::ToGrpc(status));
}

void VerifyStream::AwaitSent() {
  const auto sent = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !sending_; };
  mutex_.Await(absl::Condition(&sent));
}

void VerifyStream::OnWriteDone(bool ok) {
  if (!ok) cancelled_.store(true, std::memory_order_relaxed);
  absl::MutexLock lock(&mutex_);
  sending_ = false;
}

void VerifyStream::OnDone() {
  // OnWriteDone may still be about to release the lock in another thread.
  { absl::MutexLock lock(&mutex_); }
  delete this;
}

}  // namespace clustr::bundles
