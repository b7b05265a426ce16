#include "services/bundles/mining/ordered_delivery.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace clustr::mining {

// A set is its size, the low and the high half of its count, and its items.
bool TaskStream::Take(absl::Span<const Item> items, int64_t count, int64_t /*subset_count*/) {
  if (!direct_ && delivery_.IsNext(task_)) {
    if (!delivery_.HandOnPart(task_, buffer_)) return false;
    buffer_.clear();
    direct_ = true;
  }
  if (direct_) {
    if (delivery_.out().Put(items, count)) return true;
    delivery_.Halt();
    return false;
  }
  const size_t at = buffer_.size();
  buffer_.resize(at + 3 + items.size());
  buffer_[at] = static_cast<uint32_t>(items.size());
  buffer_[at + 1] = static_cast<uint32_t>(count);
  buffer_[at + 2] = static_cast<uint32_t>(count >> 32);
  std::copy(items.begin(), items.end(), buffer_.begin() + static_cast<ptrdiff_t>(at) + 3);
  if (buffer_.size() < kMostBuffered) return true;
  const bool go_on = delivery_.HandOnPart(task_, buffer_);
  buffer_.clear();
  return go_on;
}

bool OrderedDelivery::HandOnPart(uint32_t task, const ItemsetBuffer& part) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (next_ != task && !control_.stopped()) {
    advanced_.wait_for(lock, std::chrono::milliseconds(20));
  }
  lock.unlock();
  // Nobody else hands on anything before this task has finished.
  if (!control_.stopped() && !HandOn(part)) control_.Halt();
  return !control_.stopped();
}

bool OrderedDelivery::HandOn(const ItemsetBuffer& found) {
  for (size_t at = 0; at < found.size(); at += 3 + found[at]) {
    const int64_t count = static_cast<int64_t>(found[at + 2]) << 32 | found[at + 1];
    if (!out_.Put({&found[at + 3], found[at]}, count)) return false;
  }
  return true;
}

ItemsetBuffer OrderedDelivery::Finish(uint32_t task, ItemsetBuffer found) {
  std::unique_lock<std::mutex> lock(mutex_);
  waiting_bytes_ += found.size() * sizeof(uint32_t);
  waiting_.emplace(task, std::move(found));
  while (!handing_on_ && !waiting_.empty() && waiting_.begin()->first == next_) {
    ItemsetBuffer next = std::move(waiting_.extract(waiting_.begin()).mapped());
    handing_on_ = true;
    lock.unlock();
    if (!control_.stopped() && !HandOn(next)) control_.Halt();
    lock.lock();
    handing_on_ = false;
    waiting_bytes_ -= next.size() * sizeof(uint32_t);
    next.clear();
    if (next.capacity() > 0) spare_.push_back(std::move(next));
    ++next_;
    advanced_.notify_all();
  }
  // Whoever works on the next task never waits here, so this ends.
  while (waiting_bytes_ > kMostWaiting && !control_.stopped()) {
    advanced_.wait_for(lock, std::chrono::milliseconds(20));
  }
  if (spare_.empty()) return {};
  ItemsetBuffer spare = std::move(spare_.back());
  spare_.pop_back();
  return spare;
}

}  // namespace clustr::mining
