#include "services/bundles/mining/delivery/ordered_delivery.h"

#include <chrono>
#include <utility>

namespace clustr::mining {

bool TaskStream::Take(absl::Span<const Item> items, int64_t count, int64_t /*subset_count*/) {
  if (muted_) return true;
  if (!direct_ && delivery_.IsNext(task_)) {
    if (!delivery_.HandOnPart(task_, buffer_.TakePieces())) return false;
    direct_ = true;
  }
  if (direct_) {
    if (delivery_.out().Put(items, count)) return true;
    delivery_.Halt();
    return false;
  }
  buffer_.Add(items, count);
  return buffer_.bytes() < kMaxBuffered || delivery_.HandOnPart(task_, buffer_.TakePieces());
}

bool OrderedDelivery::HandOnPart(uint32_t task, const ItemsetPieces& part) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (next_ != task && !control_.stopped()) {
    advanced_.wait_for(lock, std::chrono::milliseconds(20));
  }
  lock.unlock();
  // No other task is delivered before this one has finished.
  if (!control_.stopped() && !PutAll(part, out_)) control_.Halt();
  return !control_.stopped();
}

void OrderedDelivery::Finish(uint32_t task, ItemsetPieces found) {
  std::unique_lock<std::mutex> lock(mutex_);
  waiting_bytes_ += BytesOf(found);
  waiting_.emplace(task, std::move(found));
  while (!handing_on_ && !waiting_.empty() && waiting_.begin()->first == next_) {
    ItemsetPieces next = std::move(waiting_.extract(waiting_.begin()).mapped());
    handing_on_ = true;
    lock.unlock();
    if (!control_.stopped() && !PutAll(next, out_)) control_.Halt();
    const size_t bytes = BytesOf(next);
    next.clear();
    lock.lock();
    handing_on_ = false;
    waiting_bytes_ -= bytes;
    ++next_;
    advanced_.notify_all();
  }
  // The thread of the next task never waits here, so the wait ends.
  while (waiting_bytes_ > kMaxWaiting && !control_.stopped()) {
    advanced_.wait_for(lock, std::chrono::milliseconds(20));
  }
}

}  // namespace clustr::mining
