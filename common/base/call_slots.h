#ifndef CLUSTR_COMMON_BASE_CALL_SLOTS_H_
#define CLUSTR_COMMON_BASE_CALL_SLOTS_H_

#include <list>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_state.h"
#include "common/base/steady_time.h"

namespace clustr {

// Limits how many calls of one class are under way at once, in all and for each peer, which may
// have half of them (rounded up). It has no threads and no queue: a call without a slot is refused.
// Thread-safe.
class CallSlots {
 public:
  // The right of one call to be under way; given back by its destructor. An empty one holds
  // nothing. Must not outlive the CallSlots.
  class Slot;

  explicit CallSlots(CallClass limit) : limit_(std::move(limit)) {}
  CallSlots(const CallSlots&) = delete;
  CallSlots& operator=(const CallSlots&) = delete;

  // RESOURCE_EXHAUSTED with reason QUOTA if there is no room for the call.
  absl::StatusOr<Slot> Take(CallOrigin origin);

  const CallClass& limit() const { return limit_; }
  // All calls under way count as waiting.
  CallState state() const;

 private:
  struct Entry {
    CallOrigin origin;
    SteadyTime since;
  };
  using Entries = std::list<Entry>;

  bool HasRoomFor(const CallOrigin& origin) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void GiveBack(Entries::iterator entry);
  void Hold(Entries::iterator entry, size_t bytes);
  bool HasRoom() const;

  const CallClass limit_;
  mutable absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);  // Oldest first.
  absl::flat_hash_map<std::string, int64_t> by_peer_ ABSL_GUARDED_BY(mutex_);
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  RefusalCount refusals_ ABSL_GUARDED_BY(mutex_);
};

class CallSlots::Slot {
 public:
  Slot() = default;
  Slot(Slot&& other) noexcept
      : slots_(std::exchange(other.slots_, nullptr)), entry_(other.entry_) {}
  Slot& operator=(Slot&& other) noexcept {
    std::swap(slots_, other.slots_);
    std::swap(entry_, other.entry_);
    return *this;
  }
  ~Slot() {
    if (slots_ != nullptr) slots_->GiveBack(entry_);
  }

  // The call holds `bytes` from now on, in place of those before. They count towards the limit of
  // the class's bytes, but are not refused: a call that could wait should ask HasRoom first.
  void Hold(size_t bytes);
  // Whether the calls of the class hold less than its limit of bytes.
  bool HasRoom() const;

 private:
  friend class CallSlots;
  Slot(CallSlots* slots, Entries::iterator entry) : slots_(slots), entry_(entry) {}

  CallSlots* slots_ = nullptr;
  Entries::iterator entry_;
};

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_CALL_SLOTS_H_
