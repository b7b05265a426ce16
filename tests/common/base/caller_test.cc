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

// Clients round a deadline up by as much as a hundredth: with 10 s, a reserve of 120 ms was gone
// but for 20 ms.
TEST(AnswerByTest, LeavesTheClientAFairShareOfItsTime) {
  const auto reserve = [](absl::Duration left) {
    const Deadline deadline = Deadline::In(left);
    return absl::FromChrono(deadline.time() - AnswerBy(deadline).time());
  };
  const auto is_about = [&](absl::Duration left, absl::Duration expected) {
    // Time passes between the two readings of the clock.
    return reserve(left) <= expected && reserve(left) > expected - absl::Milliseconds(5);
  };
  EXPECT_TRUE(is_about(absl::Milliseconds(20), absl::Milliseconds(10)));
  EXPECT_TRUE(is_about(absl::Milliseconds(50), absl::Milliseconds(25)));
  EXPECT_TRUE(is_about(absl::Milliseconds(300), absl::Milliseconds(50)));
  EXPECT_TRUE(is_about(absl::Seconds(1), absl::Milliseconds(120)));
  EXPECT_TRUE(is_about(absl::Seconds(10), absl::Milliseconds(1'020)));
  EXPECT_TRUE(is_about(absl::Seconds(60), absl::Milliseconds(1'600)));
}

TEST(AnswerByTest, KeepsWhatIsNeverOrHasPassed) {
  EXPECT_TRUE(AnswerBy(Deadline()).is_never());
  const Deadline passed = Deadline::In(-absl::Seconds(1));
  EXPECT_EQ(AnswerBy(passed), passed);
}

}  // namespace
}  // namespace clustr
