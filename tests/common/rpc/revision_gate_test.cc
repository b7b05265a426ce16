#include "common/rpc/revision_gate.h"

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
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
      time_ = absl::Now();
      resumed_.Notify();
    };
  }
  bool resumed() const { return resumed_.HasBeenNotified(); }
  const absl::Status& Await() {
    resumed_.WaitForNotification();
    return status_;
  }
  absl::Time time() const { return time_; }

 private:
  absl::Notification resumed_;
  absl::Status status_;
  absl::Time time_;
};

class RevisionGateTest : public ::testing::Test {
 protected:
  ThreadPool pool_{2};
  RevisionGate gate_{&pool_};
  Outcome outcome_;
};

TEST_F(RevisionGateTest, ACallForAReachedRevisionContinuesAtOnceInItsThread) {
  gate_.Reach({.sales = 5, .catalog = 3});
  bool resumed = false;
  const auto thread = std::this_thread::get_id();
  gate_.Wait({.sales = 5, .catalog = 3}, absl::InfiniteFuture(), [&](const absl::Status& status) {
    EXPECT_THAT(status, IsOk());
    EXPECT_EQ(std::this_thread::get_id(), thread);
    resumed = true;
  });
  EXPECT_TRUE(resumed);
}

TEST_F(RevisionGateTest, RevisionZeroDoesNotMatter) {
  gate_.Wait({}, absl::InfiniteFuture(), outcome_.resume());
  EXPECT_TRUE(outcome_.resumed());
}

TEST_F(RevisionGateTest, ContinuesOnceBothRevisionsAreReached) {
  gate_.Wait({.sales = 5, .catalog = 3}, absl::InfiniteFuture(), outcome_.resume());
  gate_.Reach({.sales = 9, .catalog = 2});
  gate_.Reach({.sales = 4, .catalog = 9});
  EXPECT_FALSE(outcome_.resumed());
  gate_.Reach({.sales = 5, .catalog = 9});
  EXPECT_THAT(outcome_.Await(), IsOk());
}

TEST_F(RevisionGateTest, GivesUp20MillisecondsBeforeTheDeadline) {
  const absl::Time deadline = absl::Now() + absl::Milliseconds(300);
  gate_.Reach({.sales = 4, .catalog = 3});
  gate_.Wait({.sales = 5}, deadline, outcome_.resume());
  EXPECT_THAT(
      outcome_.Await(),
      Fails(absl::StatusCode::kDeadlineExceeded, "NOT_YET_VISIBLE",
            "sales revision 5 and catalog revision 0 are not both visible yet, only 4 and 3"));
  EXPECT_GE(outcome_.time(), deadline - absl::Milliseconds(25));
}

TEST_F(RevisionGateTest, ADeadlineThatHasPassedGivesUpAtOnce) {
  gate_.Wait({.sales = 5}, absl::Now() - absl::Seconds(1), outcome_.resume());
  EXPECT_THAT(outcome_.Await(), Fails(absl::StatusCode::kDeadlineExceeded, "NOT_YET_VISIBLE", ""));
}

TEST_F(RevisionGateTest, FailsParkedCallsAndForgetsReachedRevisions) {
  gate_.Reach({.sales = 4});
  gate_.Wait({.sales = 5}, absl::InfiniteFuture(), outcome_.resume());
  gate_.Fail(absl::UnavailableError("starting over"));
  EXPECT_THAT(outcome_.Await(), Fails(absl::StatusCode::kUnavailable, "", "starting over"));
  Outcome again;
  gate_.Wait({.sales = 4}, absl::InfiniteFuture(), again.resume());
  EXPECT_FALSE(again.resumed());
  gate_.Reach({.sales = 4});
  EXPECT_THAT(again.Await(), IsOk());
}

TEST_F(RevisionGateTest, ItsDestructionFailsParkedCalls) {
  {
    RevisionGate gate(&pool_);
    gate.Wait({.sales = 5}, absl::InfiniteFuture(), outcome_.resume());
  }
  EXPECT_THAT(outcome_.Await(),
              Fails(absl::StatusCode::kUnavailable, "DRAINING", "the server is stopping"));
}

// An alarm that fired while the gate was destroyed used to lock a mutex that was gone.
TEST_F(RevisionGateTest, ItsDestructionWaitsForAlarmsThatFire) {
  for (int i = 0; i < 200; ++i) {
    Outcome outcome;
    {
      RevisionGate gate(&pool_);
      gate.Wait({.sales = 5}, absl::Now() + absl::Milliseconds(20) + absl::Microseconds(i * 10),
                outcome.resume());
    }
    EXPECT_FALSE(outcome.Await().ok());
  }
}

TEST_F(RevisionGateTest, ResumesEachCallOnceWhoeverComesFirst) {
  std::vector<std::unique_ptr<Outcome>> outcomes;
  const absl::Time now = absl::Now();
  for (int i = 0; i < 500; ++i) {
    outcomes.push_back(std::make_unique<Outcome>());
    gate_.Wait({.sales = i % 100}, now + absl::Milliseconds(20 + i % 40),
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

}  // namespace
}  // namespace clustr::rpc
