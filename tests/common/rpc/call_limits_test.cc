#include "common/rpc/call_limits.h"

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using ::testing::HasSubstr;

constexpr char kDefaults[] = "reads=1024,scans=2";

absl::StatusOr<CallLimits> Read(const std::vector<std::string>& arguments) {
  const auto flags = Flags::Parse(CallLimits::FlagsOf(kDefaults), arguments);
  EXPECT_TRUE(flags.ok()) << flags.status();
  return CallLimits::Read(*flags, kDefaults);
}

TEST(CallLimitsTest, AClassThatIsNotNamedKeepsItsDefault) {
  const auto limits =
      Read({"--call-limits=scans=7", "--max-call-seconds=5", "--max-pause-seconds=3"});
  ASSERT_TRUE(limits.ok());
  EXPECT_EQ(limits->Of("reads", "reads", 1).max_count, 1024);
  EXPECT_EQ(limits->Of("scans", "scans", 1).max_count, 7);
  EXPECT_EQ(limits->max_call(), absl::Seconds(5));
  EXPECT_EQ(limits->max_pause(), absl::Seconds(3));
}

TEST(CallLimitsTest, SaysWhatIsWrong) {
  for (const char* wrong : {"scans", "scans=", "scans=0", "scans=1000001", "scans=x", "rules=7"}) {
    EXPECT_THAT(Read({absl::StrCat("--call-limits=reads=1,", wrong)}),
                Fails(absl::StatusCode::kInvalidArgument, "",
                      absl::StrCat("--call-limits: ", wrong,
                                   " is not CLASS=NUMBER with a number from 1 to 1000000 and one "
                                   "of the classes reads, scans")));
  }
  EXPECT_FALSE(Read({"--max-call-seconds=0"}).ok());
  EXPECT_FALSE(Read({"--max-pause-seconds=0"}).ok());
}

TEST(CallWatchTest, ReportsEachClassAndTheProblemOfOneThatIsFull) {
  CallQueue scans({"scans", "lists and exports", 2, 100}, 1, absl::Seconds(60), "");
  CallSlots streams({"streams", "open change streams", 32, 100});
  const CallWatch watch({&scans}, {&streams});
  ops::v1::GetStatusResponse well;
  watch.AddStatus(&well);
  EXPECT_EQ(well.call_queues_size(), 2);
  EXPECT_EQ(well.problems_size(), 0);

  absl::Notification running;
  absl::Notification open;
  scans.Add({"1"}, {}, [&](const absl::Status&) {
    running.Notify();
    open.WaitForNotification();
  });
  running.WaitForNotification();
  for (int i = 0; i < 3; ++i) scans.Add({"1"}, {}, [](const absl::Status&) {});
  const auto slot = streams.Take({"1"});
  ops::v1::GetStatusResponse full;
  watch.AddStatus(&full);
  open.Notify();
  EXPECT_EQ(full.call_queues(0).name(), "scans");
  EXPECT_EQ(full.call_queues(0).waiting_count(), 2);
  EXPECT_EQ(full.call_queues(0).max_count(), 2);
  EXPECT_EQ(full.call_queues(0).running_count(), 1);
  EXPECT_EQ(full.call_queues(0).refused_count(), 1);
  EXPECT_TRUE(full.call_queues(0).has_oldest_wait());
  EXPECT_EQ(full.call_queues(1).name(), "streams");
  EXPECT_EQ(full.call_queues(1).waiting_count(), 1);
  EXPECT_THAT(full.problems(),
              ElementsAre(HasSubstr("there are too many lists and exports: 2 at once where 2 are "
                                    "allowed, and 1 were refused since the start")));
}

TEST(CallWatchTest, DropsQueuedCallsThatNobodyWaitsFor) {
  CallQueue scans({"scans", "lists and exports", 2, 100}, 1, absl::Seconds(60), "");
  absl::Notification running;
  absl::Notification open;
  scans.Add({"1"}, {}, [&](const absl::Status&) {
    running.Notify();
    open.WaitForNotification();
  });
  running.WaitForNotification();
  const CallWatch watch({&scans}, {});
  std::atomic<bool> cancelled{false};
  absl::Notification dropped;
  scans.Add({"1"}, {{}, &cancelled}, [&](const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
    dropped.Notify();
  });
  cancelled = true;
  dropped.WaitForNotification();
  open.Notify();
}

}  // namespace
}  // namespace clustr::rpc
