#include "services/bundles/mining/ordered_delivery.h"

#include <chrono>
#include <utility>

namespace clustr::mining {

bool TaskStream::Take(absl::Span<const Item> items, int64_t count, int64_t /*subset_count*/) {
  if (muted_) return true;
  if (!direct_ && delivery_.IsNext(task_)) {
    if (!delivery_.HandOnPart(task_, buffer_)) return false;
    buffer_.Clear();
    direct_ = true;
  }
  if (direct_) {
    if (delivery_.out().Put(items, count)) return true;
    delivery_.Halt();
    return false;
  }
  buffer_.Add(items, count);
  if (buffer_.size() < kMostBuffered) return true;
  const bool go_on = delivery_.HandOnPart(task_, buffer_);
  buffer_.Clear();
  return go_on;
}

bool OrderedDelivery::HandOnPart(uint32_t task, const ItemsetBuffer& part) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (next_ != task && !control_.stopped()) {
    advanced_.wait_for(lock, std::chrono::milliseconds(20));
  }
  lock.unlock();
  // Nobody else hands on anything before this task has finished.
  if (!control_.stopped() && !part.PutTo(out_)) control_.Halt();
  return !control_.stopped();
}

ItemsetBuffer OrderedDelivery::Finish(uint32_t task, ItemsetBuffer found) {
  std::unique_lock<std::mutex> lock(mutex_);
  waiting_bytes_ += found.size() * sizeof(uint32_t);
  waiting_.emplace(task, std::move(found));
  while (!handing_on_ && !waiting_.empty() && waiting_.begin()->first == next_) {
    ItemsetBuffer next = std::move(waiting_.extract(waiting_.begin()).mapped());
    handing_on_ = true;
    lock.unlock();
    if (!control_.stopped() && !next.PutTo(out_)) control_.Halt();
    lock.lock();
    handing_on_ = false;
    waiting_bytes_ -= next.size() * sizeof(uint32_t);
    next.Clear();
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
