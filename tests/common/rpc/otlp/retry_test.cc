#include "common/rpc/otlp/retry.h"

#include "absl/status/status.h"
#include "common/rpc/status.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

grpc::Status StatusOf(absl::StatusCode code, int64_t delay_seconds = -1) {
  absl::Status status(code, "a message");
  if (delay_seconds >= 0) {
    google::rpc::RetryInfo info;
    info.mutable_retry_delay()->set_seconds(delay_seconds);
    status.SetPayload("type.googleapis.com/google.rpc.RetryInfo",
                      absl::Cord(info.SerializeAsString()));
  }
  return ToGrpc(status);
}

TEST(RetryTest, FollowsTheProtocol) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kCancelled, absl::StatusCode::kDeadlineExceeded,
        absl::StatusCode::kAborted, absl::StatusCode::kOutOfRange, absl::StatusCode::kUnavailable,
        absl::StatusCode::kDataLoss}) {
    EXPECT_EQ(RetryAfter(StatusOf(code)), absl::ZeroDuration()) << absl::StatusCodeToString(code);
  }
  for (const absl::StatusCode code :
       {absl::StatusCode::kUnknown, absl::StatusCode::kInvalidArgument, absl::StatusCode::kNotFound,
        absl::StatusCode::kAlreadyExists, absl::StatusCode::kPermissionDenied,
        absl::StatusCode::kResourceExhausted, absl::StatusCode::kFailedPrecondition,
        absl::StatusCode::kUnimplemented, absl::StatusCode::kInternal,
        absl::StatusCode::kUnauthenticated}) {
    EXPECT_EQ(RetryAfter(StatusOf(code)), std::nullopt) << absl::StatusCodeToString(code);
  }
}

TEST(RetryTest, WaitsAsLongAsTheCollectorSaysWithinBounds) {
  EXPECT_EQ(RetryAfter(StatusOf(absl::StatusCode::kResourceExhausted, 3)), absl::Seconds(3));
  EXPECT_EQ(RetryAfter(StatusOf(absl::StatusCode::kUnavailable, 7)), absl::Seconds(7));
  EXPECT_EQ(RetryAfter(StatusOf(absl::StatusCode::kUnavailable, 1'000'000)), absl::Seconds(15));
  EXPECT_EQ(RetryAfter(StatusOf(absl::StatusCode::kInternal, 3)), std::nullopt);
}

}  // namespace
}  // namespace clustr::rpc
