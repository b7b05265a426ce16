#include "common/base/caller.h"

#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr {
namespace {

using testing::Fails;

TEST(CallerTest, WaitsForeverByDefault) { EXPECT_TRUE(Caller().Waits().ok()); }

TEST(CallerTest, WaitsUntilItsDeadline) {
  EXPECT_TRUE(Caller{Deadline::In(absl::Hours(1))}.Waits().ok());
  EXPECT_EQ(Caller{Deadline::In({})}.Waits().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(CallerTest, WaitsUntilItCancels) {
  std::atomic<bool> cancelled{false};
  const Caller caller{{}, &cancelled};
  EXPECT_TRUE(caller.Waits().ok());
  cancelled = true;
  EXPECT_EQ(caller.Waits().code(), absl::StatusCode::kCancelled);
}

TEST(CallerTest, TheServerStopsAtItsTimeLimitAndSaysHowToNarrowTheCall) {
  const std::string message = "ask for fewer days";
  Caller caller = {.limit = {Deadline::In(absl::Hours(1)), &message}};
  EXPECT_TRUE(caller.Waits().ok());
  EXPECT_EQ(caller.end(), caller.limit.until);
  caller.limit.until = Deadline::In({});
  EXPECT_THAT(caller.Waits(), Fails(absl::StatusCode::kDeadlineExceeded, "TIME_LIMIT", message));
  caller.deadline = Deadline::In(-absl::Seconds(1));
  EXPECT_THAT(caller.Waits(),
              Fails(absl::StatusCode::kDeadlineExceeded, "", "the deadline passed"));
  EXPECT_EQ(caller.end(), caller.deadline);
}

}  // namespace
}  // namespace clustr
