#include "common/base/steady_time.h"

#include <thread>

#include "common/base/steady_condition.h"
#include "gtest/gtest.h"

namespace clustr {
namespace {

TEST(DeadlineTest, NeverIsLaterThanAnyOther) {
  EXPECT_FALSE(Deadline().passed());
  EXPECT_EQ(Deadline().left(), absl::InfiniteDuration());
  EXPECT_EQ(Deadline::In(absl::InfiniteDuration()), Deadline());
  EXPECT_EQ(Deadline().Later(-absl::Hours(1)), Deadline());
  EXPECT_LT(Deadline::In(absl::Hours(1000)), Deadline());
}

TEST(DeadlineTest, PassesWhenItsTimeIsOver) {
  EXPECT_TRUE(Deadline::In(absl::ZeroDuration()).passed());
  EXPECT_LT(Deadline::In(-absl::Seconds(1)).left(), absl::ZeroDuration());
  const Deadline later = Deadline::In(absl::Hours(1));
  EXPECT_FALSE(later.passed());
  EXPECT_GT(later.left(), absl::Minutes(59));
  EXPECT_TRUE(later.Later(-absl::Hours(1)).passed());
}

TEST(SteadyConditionTest, WaitsUntilTheDeadlineAtTheLatest) {
  SteadyCondition changed;
  absl::Mutex mutex;
  absl::MutexLock lock(&mutex);
  const SteadyTime start = SteadyNow();
  EXPECT_FALSE(
      changed.WaitUntil(&mutex, Deadline::In(absl::Milliseconds(20)), [] { return false; }));
  EXPECT_GE(Since(start), absl::Milliseconds(20));
  EXPECT_TRUE(changed.WaitUntil(&mutex, Deadline::In(-absl::Seconds(1)), [] { return true; }));
}

TEST(SteadyConditionTest, WakesWhenItIsNotified) {
  SteadyCondition changed;
  absl::Mutex mutex;
  bool met = false;
  std::thread other([&] {
    absl::MutexLock lock(&mutex);
    met = true;
    changed.NotifyAll();
  });
  {
    absl::MutexLock lock(&mutex);
    EXPECT_TRUE(changed.WaitUntil(&mutex, Deadline(), [&] { return met; }));
  }
  other.join();
}

}  // namespace
}  // namespace clustr
