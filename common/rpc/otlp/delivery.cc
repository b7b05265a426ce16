#include "common/rpc/otlp/delivery.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/rpc/arrival.h"
#include "common/rpc/status.h"

namespace clustr::rpc {
namespace {

constexpr absl::Duration kLongestCall = absl::Seconds(10);
constexpr absl::Duration kBetweenLines = absl::Minutes(1);
constexpr size_t kMaxMessage = 200;  // Bytes of what a collector says.

}  // namespace

grpc::Status Delivery::Make(Call call) {
  grpc::ClientContext context;
  if (!Begin(&context)) return grpc::Status(grpc::StatusCode::CANCELLED, "the process ends");
  const grpc::Status status = call(&context);
  {
    absl::MutexLock lock(&mutex_);
    context_ = nullptr;
  }
  Tell(status);
  return status;
}

bool Delivery::Begin(grpc::ClientContext* context) {
  absl::MutexLock lock(&mutex_);
  if (ending_ && end_.passed()) return false;
  const Deadline usual = Deadline::In(kLongestCall);
  context->set_deadline(ToTimespec(ending_ ? std::min(usual, end_) : usual));
  context_ = context;
  return true;
}

void Delivery::Tell(const grpc::Status& status) {
  if (status.ok()) {
    if (failing_) Log(LogLevel::kInfo, "otlp_works", {{"what", what_}, {"collector", collector_}});
    failing_ = false;
    return;
  }
  if (failing_ && !next_line_.passed()) return;
  failing_ = true;
  next_line_ = Deadline::In(kBetweenLines);
  Log(LogLevel::kWarning, "otlp_failed",
      {{"what", what_},
       {"collector", collector_},
       {"code", absl::StatusCodeToString(FromGrpc(status).code())},
       {"message", status.error_message().substr(0, kMaxMessage)}});
}

bool Delivery::Pause(absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  return !changed_.WaitUntil(&mutex_, Deadline::In(duration),
                             [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; });
}

void Delivery::End(absl::Duration limit) {
  absl::MutexLock lock(&mutex_);
  ending_ = true;
  end_ = Deadline::In(limit);
  changed_.NotifyAll();
}

void Delivery::AwaitDone() {
  absl::MutexLock lock(&mutex_);
  const bool done =
      changed_.WaitUntil(&mutex_, end_, [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return done_; });
  if (!done && context_ != nullptr) context_->TryCancel();
}

void Delivery::Done() {
  absl::MutexLock lock(&mutex_);
  done_ = true;
  changed_.NotifyAll();
}

}  // namespace clustr::rpc
