#include "common/rpc/revision_gate.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/base/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::rpc {
namespace {

using testing::Fails;
using testing::IsOk;

// The status that a parked call was resumed with.
class Outcome {
 public:
  std::function<void(absl::Status)> resume() {
    return [this](absl::Status status) {
      status_ = std::move(status);
      time_ = SteadyNow();
      resumed_.Notify();
    };
  }
  bool resumed() const { return resumed_.HasBeenNotified(); }
  const absl::Status& Await() {
    resumed_.WaitForNotification();
    return status_;
  }
  SteadyTime time() const { return time_; }

 private:
  absl::Notification resumed_;
  absl::Status status_;
  SteadyTime time_;
};

class RevisionGateTest : public ::testing::Test {
 protected:
  void Wait(const Revisions& wanted, const Caller& caller, RevisionGate::Resume resume,
            const std::string& peer = "10.0.0.7") {
    gate_.Wait(
        wanted, caller, [&] { return CallOrigin{peer}; }, std::move(resume));
  }

  ThreadPool pool_{2};
  CallSlots slots_{{"parked", "calls that wait for a revision", 1000, 1000}};
  RevisionGate gate_{&pool_, &slots_};
  Outcome outcome_;
};

TEST_F(RevisionGateTest, ACallForAReachedRevisionContinuesAtOnceInItsThread) {
  gate_.Reach({.sales = 5, .catalog = 3});
  bool resumed = false;
  const auto thread = std::this_thread::get_id();
  Wait({.sales = 5, .catalog = 3}, {}, [&](const absl::Status& status) {
    EXPECT_THAT(status, IsOk());
    EXPECT_EQ(std::this_thread::get_id(), thread);
    resumed = true;
  });
  EXPECT_TRUE(resumed);
}

TEST_F(RevisionGateTest, RevisionZeroDoesNotMatter) {
  Wait({}, {}, outcome_.resume());
  EXPECT_TRUE(outcome_.resumed());
}

TEST_F(RevisionGateTest, ContinuesOnceBothRevisionsAreReached) {
  Wait({.sales = 5, .catalog = 3}, {}, outcome_.resume());
  gate_.Reach({.sales = 9, .catalog = 2});
  gate_.Reach({.sales = 4, .catalog = 9});
  EXPECT_FALSE(outcome_.resumed());
  gate_.Reach({.sales = 5, .catalog = 9});
  EXPECT_THAT(outcome_.Await(), IsOk());
}

TEST_F(RevisionGateTest, GivesUpShortlyBeforeTheDeadline) {
  const Deadline deadline = Deadline::In(absl::Milliseconds(300));
  gate_.Reach({.sales = 4, .catalog = 3});
  Wait({.sales = 5}, {deadline}, outcome_.resume());
  EXPECT_THAT(outcome_.Await(),
              Fails(absl::StatusCode::kDeadlineExceeded, "NOT_YET_VISIBLE",
                    "sales revision 5 is not visible yet, only 4; allow a longer deadline"));
  EXPECT_GE(outcome_.time(), deadline.Later(-absl::Milliseconds(55)).time());
  EXPECT_THAT(MetadataOf(outcome_.Await()),
              ::testing::UnorderedElementsAre(::testing::Pair("sales_revision", "5"),
                                              ::testing::Pair("catalog_revision", "0"),
                                              ::testing::Pair("visible_sales_revision", "4"),
                                              ::testing::Pair("visible_catalog_revision", "0")));
}

TEST_F(RevisionGateTest, OnlyWhatWasAskedForIsToldAsNotVisible) {
  gate_.Reach({.sales = 4, .catalog = 3});
  Wait({.sales = 5, .catalog = 7}, {Deadline::In(absl::Milliseconds(100))}, outcome_.resume());
  EXPECT_THAT(outcome_.Await(),
              Fails(absl::StatusCode::kDeadlineExceeded, "NOT_YET_VISIBLE",
                    "sales revision 5 is not visible yet, only 4, and catalog revision 7 is not "
                    "visible yet, only 3;"));
  Outcome other;
  Wait({.catalog = 9}, {Deadline::In(absl::Milliseconds(100))}, other.resume());
  EXPECT_THAT(other.Await(), Fails(absl::StatusCode::kDeadlineExceeded, "NOT_YET_VISIBLE",
                                   "catalog revision 9 is not visible yet, only 3;"));
  EXPECT_THAT(MetadataOf(other.Await()),
              ::testing::UnorderedElementsAre(::testing::Pair("sales_revision", "0"),
                                              ::testing::Pair("visible_sales_revision", "0"),
                                              ::testing::Pair("catalog_revision", "9"),
                                              ::testing::Pair("visible_catalog_revision", "3")));
}

TEST_F(RevisionGateTest, ADeadlineThatHasPassedGivesUpAtOnce) {
  Wait({.sales = 5}, {Deadline::In(-absl::Seconds(1))}, outcome_.resume());
  EXPECT_THAT(outcome_.Await(), Fails(absl::StatusCode::kDeadlineExceeded, "NOT_YET_VISIBLE", ""));
}

TEST_F(RevisionGateTest, FailsParkedCallsAndForgetsReachedRevisions) {
  gate_.Reach({.sales = 4});
  Wait({.sales = 5}, {}, outcome_.resume());
  gate_.Fail(absl::UnavailableError("starting over"));
  EXPECT_THAT(outcome_.Await(), Fails(absl::StatusCode::kUnavailable, "", "starting over"));
  Outcome again;
  Wait({.sales = 4}, {}, again.resume());
  EXPECT_FALSE(again.resumed());
  gate_.Reach({.sales = 4});
  EXPECT_THAT(again.Await(), IsOk());
}

TEST_F(RevisionGateTest, ItsDestructionFailsParkedCalls) {
  {
    RevisionGate gate(&pool_, &slots_);
    gate.Wait(
        {.sales = 5}, {}, [] { return CallOrigin(); }, outcome_.resume());
  }
  EXPECT_THAT(outcome_.Await(),
              Fails(absl::StatusCode::kUnavailable, "DRAINING", "the server is stopping"));
}

// An alarm that fired while the gate was destroyed used to lock a mutex that was gone.
TEST_F(RevisionGateTest, ItsDestructionWaitsForAlarmsThatFire) {
  for (int i = 0; i < 200; ++i) {
    Outcome outcome;
    {
      RevisionGate gate(&pool_, &slots_);
      const absl::Duration left = absl::Microseconds(200 + i * 10);
      gate.Wait(
          {.sales = 5}, {Deadline::In(left)}, [] { return CallOrigin(); }, outcome.resume());
    }
    EXPECT_FALSE(outcome.Await().ok());
  }
}

TEST_F(RevisionGateTest, ResumesEachCallOnceWhoeverComesFirst) {
  std::vector<std::unique_ptr<Outcome>> outcomes;
  for (int i = 0; i < 500; ++i) {
    outcomes.push_back(std::make_unique<Outcome>());
    Wait({.sales = i % 100}, {Deadline::In(absl::Milliseconds(20 + i % 40))},
         outcomes.back()->resume());
  }
  std::thread reacher([this] {
    for (int revision = 0; revision < 100; ++revision) gate_.Reach({.sales = revision});
  });
  reacher.join();
  for (const auto& outcome : outcomes) {
    const absl::Status& status = outcome->Await();
    EXPECT_TRUE(status.ok() || ReasonOf(status) == common::v1::ERROR_REASON_NOT_YET_VISIBLE)
        << status;
  }
}

TEST_F(RevisionGateTest, ACallThatIsCancelledLeavesAtOnce) {
  std::atomic<bool> cancelled{false};
  Wait({.sales = 5}, {{}, &cancelled}, outcome_.resume());
  EXPECT_EQ(slots_.state().waiting, 1);
  cancelled = true;
  EXPECT_THAT(outcome_.Await(), Fails(absl::StatusCode::kCancelled, "", "cancelled"));
  EXPECT_EQ(slots_.state().waiting, 0);
}

TEST_F(RevisionGateTest, RefusesCallsBeyondTheLimit) {
  std::vector<std::unique_ptr<Outcome>> outcomes;
  for (int i = 0; i < 500; ++i) {
    outcomes.push_back(std::make_unique<Outcome>());
    Wait({.sales = 5}, {}, outcomes.back()->resume());
  }
  Wait({.sales = 5}, {}, outcome_.resume());
  EXPECT_THAT(outcome_.Await(), Fails(absl::StatusCode::kResourceExhausted, "QUOTA",
                                      "too many calls that wait for a revision"));
  Outcome of_another_peer;
  Wait({.sales = 5}, {}, of_another_peer.resume(), "10.0.0.8");
  EXPECT_FALSE(of_another_peer.resumed());
  gate_.Reach({.sales = 5});
  for (const auto& outcome : outcomes) EXPECT_THAT(outcome->Await(), IsOk());
  EXPECT_THAT(of_another_peer.Await(), IsOk());
}

TEST_F(RevisionGateTest, RefusesRequestsThatTogetherAreTooLarge) {
  gate_.Wait(
      {.sales = 5}, {},
      [] {
        return CallOrigin{"10.0.0.7", 1001};
      },
      outcome_.resume());
  EXPECT_THAT(outcome_.Await(), Fails(absl::StatusCode::kResourceExhausted, "QUOTA", ""));
}

}  // namespace
}  // namespace clustr::rpc
