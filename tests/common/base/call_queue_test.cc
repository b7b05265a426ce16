#include "common/base/call_queue.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using ::testing::IsEmpty;
using testing::IsOk;

// A queue for four calls, whose one thread is busy until Open.
class CallQueueTest : public ::testing::Test {
 protected:
  CallQueueTest() {
    absl::Notification running;
    queue_->Add({"gate"}, {}, [&](const absl::Status&) {
      running.Notify();
      open_.WaitForNotification();
    });
    running.WaitForNotification();
  }
  ~CallQueueTest() override {
    if (!open_.HasBeenNotified()) open_.Notify();
  }

  // Queues a call that notes its name when it runs, or its name and code when it is refused.
  void Add(const std::string& peer, const std::string& name, const Caller& caller = {},
           size_t bytes = 1) {
    queue_->Add({peer, bytes}, caller, [this, name](const absl::Status& status) {
      absl::MutexLock lock(&mutex_);
      (status.ok() ? ran_ : refused_).push_back(name);
      last_refusal_.Update(status);
    });
  }

  // Runs everything that is queued.
  const std::vector<std::string>& Open() {
    open_.Notify();
    queue_.reset();
    return ran_;
  }

  std::unique_ptr<CallQueue> queue_ = std::make_unique<CallQueue>(
      CallClass{"scans", "lists and exports", 4, 100}, 1, absl::Seconds(60), "filter them");
  absl::Notification open_;
  absl::Mutex mutex_;
  std::vector<std::string> ran_;
  std::vector<std::string> refused_;
  absl::Status last_refusal_;
};

TEST_F(CallQueueTest, CallsOfOnePeerRunInTheirOrder) {
  for (const char* name : {"a", "b", "c"}) Add("10.0.0.1", name);
  EXPECT_THAT(Open(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(refused_, IsEmpty());
}

TEST_F(CallQueueTest, PeersAreServedInTurn) {
  for (const char* name : {"a1", "a2", "a3"}) Add("10.0.0.1", name);
  Add("10.0.0.2", "b1");
  EXPECT_THAT(Open(), ElementsAre("a1", "b1", "a2", "a3"));
}

TEST_F(CallQueueTest, RefusesCallsBeyondTheLimitAtOnce) {
  for (const char* name : {"a", "b", "c", "d", "e"}) Add("10.0.0.1", name);
  EXPECT_THAT(refused_, ElementsAre("e"));
  EXPECT_THAT(last_refusal_,
              Fails(absl::StatusCode::kResourceExhausted, "QUOTA", "too many lists and exports"));
  const CallState state = queue_->state();
  EXPECT_EQ(state.waiting, 4);
  EXPECT_EQ(state.running, 1);
  EXPECT_EQ(state.refused, 1);
  EXPECT_TRUE(state.refused_lately);
  EXPECT_GT(state.oldest_wait, absl::ZeroDuration());
  EXPECT_THAT(Open(), ElementsAre("a", "b", "c", "d"));
}

TEST_F(CallQueueTest, AFullQueueMakesRoomForAPeerThatHasLessInIt) {
  for (const char* name : {"a1", "a2", "a3", "a4"}) Add("10.0.0.1", name);
  for (const char* name : {"b1", "b2", "b3"}) Add("10.0.0.2", name);
  EXPECT_THAT(refused_, ElementsAre("a4", "a3", "b3"));
  EXPECT_THAT(Open(), ElementsAre("a1", "b1", "a2", "b2"));
}

TEST_F(CallQueueTest, RefusesRequestsThatTogetherAreTooLarge) {
  Add("10.0.0.1", "small", {}, 10);
  Add("10.0.0.1", "large", {}, 91);
  Add("10.0.0.1", "fits", {}, 90);
  EXPECT_THAT(refused_, ElementsAre("large"));
  EXPECT_THAT(Open(), ElementsAre("small", "fits"));
}

TEST_F(CallQueueTest, AServerThatStopsEndsWhatWaitsAndWhatRuns) {
  const Caller caller = {{}, nullptr, queue_->StartLimit()};
  EXPECT_THAT(caller.Waits(), IsOk());
  Add("10.0.0.1", "waits");
  queue_->Drain();
  EXPECT_THAT(caller.Waits(), Fails(absl::StatusCode::kUnavailable, "DRAINING", "is stopping"));
  EXPECT_THAT(Open(), IsEmpty());
  EXPECT_THAT(refused_, ElementsAre("waits"));
  EXPECT_THAT(last_refusal_,
              Fails(absl::StatusCode::kUnavailable, "DRAINING", "is stopping; try again"));
}

// A client whose deadline was shorter than the limit saw a deadline that had passed, and no reason.
TEST_F(CallQueueTest, ACallWithAShortDeadlineIsToldSoBeforeItPasses) {
  const Deadline passed = Deadline::In(-absl::Seconds(1));
  EXPECT_THAT((Caller{Deadline::In(absl::Seconds(9)), nullptr, queue_->StartLimit(passed)}.Waits()),
              Fails(absl::StatusCode::kDeadlineExceeded, "TIME_LIMIT",
                    "longer than its deadline allows; give it a deadline of up to 60 s, or filter "
                    "them"));
  EXPECT_THAT((Caller{{}, nullptr, queue_->StartLimit(Deadline::In(absl::Seconds(9)))}.Waits()),
              IsOk());
  EXPECT_EQ(queue_->StartLimit(Deadline::In(absl::Seconds(90))).message,
            queue_->StartLimit().message);
}

TEST_F(CallQueueTest, CallsThatNobodyWaitsForMakeRoom) {
  std::atomic<bool> cancelled{false};
  for (const char* name : {"a", "b", "c", "d"}) Add("10.0.0.1", name, {{}, &cancelled});
  cancelled = true;
  Add("10.0.0.1", "e");
  EXPECT_THAT(refused_, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(last_refusal_.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(queue_->state().refused, 0) << "nobody was refused for lack of room";
  EXPECT_THAT(Open(), ElementsAre("e"));
}

TEST_F(CallQueueTest, DropsCallsThatNobodyWaitsForWhileAllThreadsAreBusy) {
  std::atomic<bool> cancelled{true};
  Add("10.0.0.1", "cancelled", {{}, &cancelled});
  Add("10.0.0.1", "late", {Deadline::In({})});
  Add("10.0.0.1", "waits");
  queue_->DropGone();
  EXPECT_THAT(refused_, ElementsAre("cancelled", "late"));
  EXPECT_EQ(queue_->state().waiting, 1);
  EXPECT_THAT(Open(), ElementsAre("waits"));
}

// Such a call saw a deadline that had passed, and no reason.
TEST_F(CallQueueTest, ACallThatWaitsTooLongIsToldSoBeforeItsDeadlinePasses) {
  Add("10.0.0.1", "short", {Deadline::In(absl::Milliseconds(400))});
  Add("10.0.0.1", "long", {Deadline::In(absl::Seconds(100))});
  const Deadline next = queue_->DropGone();
  EXPECT_THAT(refused_, IsEmpty());
  EXPECT_GT(next.left(), absl::Milliseconds(200));
  EXPECT_LT(next.left(), absl::Milliseconds(350)) << "when the first has waited too long";
  absl::SleepFor(next.left());
  EXPECT_GT(queue_->DropGone().left(), absl::Seconds(90));
  EXPECT_THAT(refused_, ElementsAre("short"));
  EXPECT_THAT(last_refusal_, Fails(absl::StatusCode::kDeadlineExceeded, "TIME_LIMIT",
                                   "waited behind other lists and exports for as long as its "
                                   "deadline allows; try again later, or give"));
  EXPECT_THAT(Open(), ElementsAre("long"));
}

TEST_F(CallQueueTest, TheNextStepOfACallIsNotRefused) {
  for (const char* name : {"a", "b", "c", "d"}) Add("10.0.0.1", name);
  bool ran = false;
  queue_->Continue({"10.0.0.1"}, {}, [&](const absl::Status& status) { ran = status.ok(); });
  Add("10.0.0.2", "e");
  EXPECT_THAT(refused_, ElementsAre("e"));
  Open();
  EXPECT_TRUE(ran);
}

TEST(CallQueueThreadsTest, RunsEveryCallOfManyPeersOnce) {
  std::atomic<int> ran = 0;
  {
    CallQueue queue({"reads", "reads", 10'000, 1'000'000}, 4, absl::Seconds(60), "");
    std::vector<std::thread> peers;
    for (int p = 0; p < 4; ++p) {
      peers.emplace_back([&, p] {
        for (int i = 0; i < 1000; ++i) {
          queue.Add({absl::StrCat("10.0.0.", (p * 1000 + i) % 7)}, {},
                    [&](const absl::Status& status) { ran += status.ok() ? 1 : 0; });
        }
      });
    }
    for (std::thread& peer : peers) peer.join();
  }
  EXPECT_EQ(ran, 4000);
}

TEST(CallQueueTimeTest, TheTimeLimitNamesItsSecondsAndTheRemedy) {
  CallQueue queue({"scans", "lists", 4, 100}, 1, absl::Seconds(7), "filter by indexed fields");
  const TimeLimit limit = queue.StartLimit();
  EXPECT_GT(limit.until.left(), absl::Seconds(5));
  EXPECT_EQ(*limit.message,
            "the call took longer than the 7 s that this server works on one; filter by indexed "
            "fields");
}

}  // namespace
}  // namespace clustr
