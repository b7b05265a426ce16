#include "common/base/pause_watch.h"

#include <atomic>
#include <memory>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

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
