#include "common/base/pause_watch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

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
  return absl::CancelledError(absl::StrCat("the client ", how, " for ",
                                           absl::FormatDuration(max_pause_),
                                           "; make the call again, without pauses"));
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
    if (Since(it->second) < max_pause_) continue;
    Stream* const stream = it->first;
    waiting_.erase(it);
    return stream;
  }
  return nullptr;
}

void PauseWatch::Begin(Stream* stream) {
  absl::MutexLock lock(&mutex_);
  waiting_[stream] = SteadyNow();
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
