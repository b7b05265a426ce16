#ifndef CLUSTR_COMMON_STREAMING_FINISH_STREAM_H_
#define CLUSTR_COMMON_STREAMING_FINISH_STREAM_H_

#include <chrono>

#include "absl/synchronization/notification.h"
#include "grpcpp/alarm.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace clustr::streaming {

// The status of a stream whose Read has returned false. Read also returns false for a message that
// cannot be parsed. The stream is then still open, and Finish alone would wait for its end, which
// may never come; so the call is cancelled if Finish takes longer than two seconds, and the
// status is DATA_LOSS. Blocks until then at the most. `context` is that of the call.
template <class Reader>
grpc::Status FinishStream(Reader& reader, grpc::ClientContext* context) {
  constexpr std::chrono::seconds kPatience(2);
  absl::Notification settled;
  bool gave_up = false;
  grpc::Alarm alarm;
  alarm.Set(std::chrono::system_clock::now() + kPatience, [&](bool expired) {
    gave_up = expired;
    if (expired) context->TryCancel();
    settled.Notify();
  });
  const grpc::Status status = reader.Finish();
  alarm.Cancel();
  settled.WaitForNotification();  // The callback uses `context` and `gave_up`.
  if (!gave_up) return status;
  return {grpc::StatusCode::DATA_LOSS, "it sent a message that cannot be read"};
}

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_FINISH_STREAM_H_
