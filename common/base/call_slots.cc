#include "common/base/call_slots.h"

#include "common/base/call_queue.h"

namespace clustr {

bool CallSlots::HasRoomFor(const CallOrigin& origin) const {
  const auto own = by_peer_.find(origin.peer);
  const int64_t own_count = own == by_peer_.end() ? 0 : own->second;
  const auto bytes = static_cast<int64_t>(origin.bytes);
  return static_cast<int64_t>(entries_.size()) < limit_.max_count &&
         own_count < (limit_.max_count + 1) / 2 &&
         (bytes == 0 || bytes_ + bytes <= limit_.max_bytes);
}

absl::StatusOr<CallSlots::Slot> CallSlots::Take(CallOrigin origin) {
  const SteadyTime now = SteadyNow();
  absl::MutexLock lock(&mutex_);
  if (!origin.peer.empty() && !HasRoomFor(origin)) {
    refusals_.Add();
    return QuotaError(limit_);
  }
  ++by_peer_[origin.peer];
  bytes_ += static_cast<int64_t>(origin.bytes);
  return Slot(this, entries_.insert(entries_.end(), {std::move(origin), now}));
}

void CallSlots::GiveBack(Entries::iterator entry) {
  absl::MutexLock lock(&mutex_);
  bytes_ -= static_cast<int64_t>(entry->origin.bytes);
  const auto own = by_peer_.find(entry->origin.peer);
  if (--own->second == 0) by_peer_.erase(own);
  entries_.erase(entry);
}

void CallSlots::Hold(Entries::iterator entry, size_t bytes) {
  absl::MutexLock lock(&mutex_);
  bytes_ += static_cast<int64_t>(bytes) - static_cast<int64_t>(entry->origin.bytes);
  entry->origin.bytes = bytes;
}

bool CallSlots::HasRoom() const {
  absl::MutexLock lock(&mutex_);
  return bytes_ < limit_.max_bytes;
}

void CallSlots::Slot::Hold(size_t bytes) {
  if (slots_ != nullptr) slots_->Hold(entry_, bytes);
}

bool CallSlots::Slot::HasRoom() const { return slots_ == nullptr || slots_->HasRoom(); }

CallState CallSlots::state() const {
  absl::MutexLock lock(&mutex_);
  CallState state;
  state.waiting = static_cast<int64_t>(entries_.size());
  refusals_.Report(&state);
  if (!entries_.empty()) state.oldest_wait = Since(entries_.front().since);
  return state;
}

}  // namespace clustr
