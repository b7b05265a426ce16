#include "common/base/pause_watch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace clustr {
namespace {

constexpr absl::Duration kWatchInterval = absl::Seconds(1);

}  // namespace

PauseWatch::PauseWatch(absl::Duration max_pause)
    : max_pause_(max_pause), thread_([this] { Watch(); }) {}

PauseWatch::~PauseWatch() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

absl::Status PauseWatch::TooLong(absl::string_view how) const {
  return MakeError(
      common::v1::ERROR_REASON_CLIENT_PAUSED,
      absl::StrCat("the client ", how, " less than ", kLeastBytesPerSecond, " bytes a second for ",
                   absl::FormatDuration(max_pause_), ", or needed more than ",
                   absl::FormatDuration(kMaxPausesPerMessage * max_pause_),
                   " for one message; make the call again, without pauses"),
      {{"limit_seconds", absl::StrCat(absl::ToInt64Seconds(max_pause_))}});
}

void PauseWatch::Watch() {
  const auto ending = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return ending_; };
  const absl::Duration interval = std::min(kWatchInterval, max_pause_ / 4);
  absl::MutexLock lock(&mutex_);
  while (!changed_.WaitUntil(&mutex_, Deadline::In(interval), ending)) {
    while ((ending_stream_ = TakeOverdue()) != nullptr) {
      // The stream cannot end without this, as End says that it does.
      Stream* const stream = ending_stream_;
      mutex_.Unlock();
      stream->too_long_();
      mutex_.Lock();
      ending_stream_ = nullptr;
      changed_.NotifyAll();
    }
  }
}

PauseWatch::Stream* PauseWatch::TakeOverdue() {
  for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
    const auto [stream, wait] = *it;
    const SteadyTime now = SteadyNow();
    if (now < wait.end) {
      const absl::Duration waited = absl::FromChrono(now - wait.since);
      if (waited < max_pause_) continue;
      const int64_t moved = stream->moved();
      if (moved > wait.moved && IsMoving(moved - wait.moved, waited)) {
        it->second = {wait.end, now, moved};
        continue;
      }
    }
    waiting_.erase(it);
    return stream;
  }
  return nullptr;
}

void PauseWatch::Begin(Stream* stream, absl::Duration longest) {
  absl::MutexLock lock(&mutex_);
  const SteadyTime now = SteadyNow();
  waiting_[stream] = {now + absl::ToChronoNanoseconds(longest), now, stream->moved()};
}

bool PauseWatch::End(Stream* stream) {
  absl::MutexLock lock(&mutex_);
  return waiting_.erase(stream) > 0;
}

void PauseWatch::Remove(Stream* stream) {
  // A stream may be done within `too_long`, on the thread that calls it.
  const bool within = std::this_thread::get_id() == thread_.get_id();
  const auto free = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return ending_stream_ != stream || within;
  };
  absl::MutexLock lock(&mutex_);
  changed_.WaitUntil(&mutex_, Deadline(), free);
  waiting_.erase(stream);
}

}  // namespace clustr
