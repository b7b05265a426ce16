#include "common/base/pause_watch.h"

#include <atomic>
#include <memory>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr {
namespace {

TEST(PauseWatchTest, AStreamWhoseClientPausesIsEnded) {
  PauseWatch watch(absl::Milliseconds(20));
  absl::Notification ended;
  PauseWatch::Stream stream(&watch, [&] { ended.Notify(); });
  stream.Begin();
  ended.WaitForNotification();
  EXPECT_FALSE(stream.End());
}

TEST(PauseWatchTest, AStreamThatDoesNotWaitIsLeftAlone) {
  PauseWatch watch(absl::Milliseconds(10));
  std::atomic<int> ended = 0;
  PauseWatch::Stream idle(&watch, [&] { ++ended; });
  PauseWatch::Stream answered(&watch, [&] { ++ended; });
  answered.Begin();
  // On a machine that is very busy, this may have been a pause already.
  const bool in_time = answered.End();
  absl::Notification late;
  PauseWatch::Stream other(&watch, [&] { late.Notify(); });
  other.Begin();
  late.WaitForNotification();
  EXPECT_EQ(ended, in_time ? 0 : 1);
}

// A message of 4 MB over a line of 0.5 Mbit/s took longer than the pause, and its client was told
// that it sent nothing.
TEST(PauseWatchTest, AClientThatSendsSlowlyDoesNotPause) {
  PauseWatch watch(absl::Milliseconds(300));
  std::atomic<int64_t> moved = 0;
  std::atomic<bool> going_on = true;
  std::atomic<int> looks = 0;
  absl::Notification ended;
  PauseWatch::Stream stream(
      &watch, [&] { ended.Notify(); },
      [&] {
        ++looks;
        // Enough for any time that a machine stops.
        return going_on ? moved += 100'000'000 : moved.load();
      });
  stream.Begin();
  while (looks < 4) absl::SleepFor(absl::Milliseconds(5));
  EXPECT_FALSE(ended.HasBeenNotified());
  going_on = false;
  ended.WaitForNotification();
}

// What counts are the bytes of a connection: other calls on it kept a silent stream for ever.
TEST(PauseWatchTest, HoweverMuchMovesAMessageMayTakeTenPauses) {
  const absl::Duration pause = absl::Milliseconds(40);
  PauseWatch watch(pause);
  int64_t moved = 0;
  absl::Notification ended;
  PauseWatch::Stream stream(
      &watch, [&] { ended.Notify(); }, [&] { return moved += 100'000'000; });
  const absl::Time begin = absl::Now();
  stream.Begin();
  ASSERT_TRUE(ended.WaitForNotificationWithTimeout(absl::Seconds(60)));
  EXPECT_GE(absl::Now() - begin, 10 * pause);
  EXPECT_FALSE(stream.End());
}

TEST(PauseWatchTest, AWaitForTimeAloneEndsHoweverMuchMoves) {
  PauseWatch watch(absl::Milliseconds(50));
  int64_t moved = 0;
  absl::Notification ended;
  PauseWatch::Stream stream(
      &watch, [&] { ended.Notify(); }, [&] { return moved += 100'000'000; });
  stream.BeginForTimeAlone();
  ASSERT_TRUE(ended.WaitForNotificationWithTimeout(absl::Seconds(60)));
  EXPECT_LE(moved, 100'000'000) << "nothing asked whether the client moved anything";
}

TEST(PauseWatchTest, AFewBytesAreAPause) {
  PauseWatch watch(absl::Milliseconds(100));
  int64_t moved = 0;
  absl::Notification ended;
  PauseWatch::Stream stream(
      &watch, [&] { ended.Notify(); }, [&] { return ++moved; });
  stream.Begin();
  ended.WaitForNotification();
  EXPECT_TRUE(IsMoving(1024 * 60, absl::Seconds(60)));
  EXPECT_FALSE(IsMoving(1024 * 60 - 1, absl::Seconds(60)));
}

TEST(PauseWatchTest, AStreamMayWaitAgainAfterAPause) {
  PauseWatch watch(absl::Milliseconds(10));
  absl::Notification ended;
  int pauses = 0;
  std::unique_ptr<PauseWatch::Stream> stream;
  stream = std::make_unique<PauseWatch::Stream>(&watch, [&] {
    if (++pauses == 2) return ended.Notify();
    stream->Begin();
  });
  stream->Begin();
  ended.WaitForNotification();
  EXPECT_THAT(
      watch.TooLong("sent"),
      testing::Fails(absl::StatusCode::kCancelled, "CLIENT_PAUSED",
                     "the client sent less than 1024 bytes a second for 10ms, or needed "
                     "more than 100ms for one message; make the call again, without pauses"));
}

TEST(PauseWatchTest, AStreamIsThereUntilItIsEnded) {
  PauseWatch watch(absl::Milliseconds(5));
  absl::Notification begun;
  std::atomic<bool> done = false;
  auto stream = std::make_unique<PauseWatch::Stream>(&watch, [&] {
    begun.Notify();
    absl::SleepFor(absl::Milliseconds(50));
    done = true;
  });
  stream->Begin();
  begun.WaitForNotification();
  stream.reset();
  EXPECT_TRUE(done);
}

TEST(PauseWatchTest, AStreamMayEndWithinTheCall) {
  PauseWatch watch(absl::Milliseconds(5));
  absl::Notification ended;
  std::unique_ptr<PauseWatch::Stream> stream;
  stream = std::make_unique<PauseWatch::Stream>(&watch, [&] {
    absl::Notification* const told = &ended;
    stream.reset();
    told->Notify();
  });
  stream->Begin();
  ended.WaitForNotification();
}

}  // namespace
}  // namespace clustr
