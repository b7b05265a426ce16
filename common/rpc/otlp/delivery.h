#ifndef CLUSTR_COMMON_RPC_OTLP_DELIVERY_H_
#define CLUSTR_COMMON_RPC_OTLP_DELIVERY_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/steady_condition.h"
#include "common/base/steady_time.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace clustr::rpc {

// Calls to a collector by one thread, which another thread can end in time. Thread-safe.
class Delivery {
 public:
  using Call = absl::FunctionRef<grpc::Status(grpc::ClientContext*)>;

  // `what` is sent to `collector`, for the log: `spans` or `metrics`.
  Delivery(std::string what, std::string collector)
      : what_(std::move(what)), collector_(std::move(collector)) {}
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  // Makes a call, which takes 10 s at most and ends with the time for the end. CANCELLED at once if
  // that is over. Logs it when the collector begins to fail, once a minute while it goes on, and
  // when it works again.
  grpc::Status Make(Call call) ABSL_LOCKS_EXCLUDED(mutex_);

  // Waits for `duration`; false if End was called before or meanwhile.
  bool Pause(absl::Duration duration) ABSL_LOCKS_EXCLUDED(mutex_);

  // The process ends: Pause no longer waits, and calls get no more than `limit` from now.
  void End(absl::Duration limit) ABSL_LOCKS_EXCLUDED(mutex_);
  // To be called after End: waits until the thread has called Done, and cancels its call if the
  // limit passes meanwhile.
  void AwaitDone() ABSL_LOCKS_EXCLUDED(mutex_);
  void Done() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Publishes the context of a call; false if the time is over.
  bool Begin(grpc::ClientContext* context);
  void Tell(const grpc::Status& status);

  const std::string what_;
  const std::string collector_;

  // Only the thread that calls the collector uses these two.
  bool failing_ = false;  // The last call failed.
  Deadline next_line_;    // Before it, no further failure is logged.

  absl::Mutex mutex_;
  SteadyCondition changed_;  // ending_ or done_ has changed.
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  Deadline end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_OTLP_DELIVERY_H_
