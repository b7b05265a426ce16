#include "common/base/caller.h"

#include "gtest/gtest.h"

namespace clustr {
namespace {

TEST(CallerTest, WaitsForeverByDefault) { EXPECT_TRUE(Caller().Waits().ok()); }

TEST(CallerTest, WaitsUntilItsDeadline) {
  EXPECT_TRUE(Caller{absl::Now() + absl::Hours(1)}.Waits().ok());
  EXPECT_EQ(Caller{absl::Now()}.Waits().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(CallerTest, WaitsUntilItCancels) {
  std::atomic<bool> cancelled{false};
  const Caller caller{absl::InfiniteFuture(), &cancelled};
  EXPECT_TRUE(caller.Waits().ok());
  cancelled = true;
  EXPECT_EQ(caller.Waits().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace clustr
