#ifndef CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_ORDERED_DELIVERY_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_ORDERED_DELIVERY_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/delivery/itemset_buffer.h"

namespace clustr::mining {

// Brings the itemsets of tasks that threads work on in any order into the order of the tasks.
// Thread-safe; `out` is called by one thread at a time.
class OrderedDelivery {
 public:
  OrderedDelivery(ItemsetStream& out, SearchControl& control) : out_(out), control_(control) {}

  // Where threads buffer what they find.
  ChunkPool& pool() { return pool_; }

  // Takes what task number `task` found; each number from 0 comes once. Hands on what is next in
  // order, and waits while others are too far behind. Halts the control if `out` wants no more.
  void Finish(uint32_t task, ItemsetPieces found);

  // Takes a first part of what the task found, once all tasks before it have finished. False if the
  // search has ended.
  bool HandOnPart(uint32_t task, const ItemsetPieces& part);

  // True once all tasks before this one have been handed on, so that its own thread may put its
  // itemsets to out() until it finishes.
  bool IsNext(uint32_t task) const { return next_.load(std::memory_order_acquire) == task; }
  ItemsetStream& out() { return out_; }
  // To be called if out() wants no more.
  void Halt() { control_.Halt(); }

 private:
  // Waiting itemsets take at most this beside what finished last.
  static constexpr size_t kMaxWaiting = size_t{16} << 20;

  ItemsetStream& out_;
  SearchControl& control_;
  ChunkPool pool_;
  std::mutex mutex_;
  std::condition_variable advanced_;
  // Guarded by mutex_.
  std::map<uint32_t, ItemsetPieces> waiting_;
  size_t waiting_bytes_ = 0;
  bool handing_on_ = false;
  // Written by whoever holds mutex_. Read far more often than that is taken.
  alignas(64) std::atomic<uint32_t> next_ = 0;
};

// The itemsets of one task after the other, on their way to an OrderedDelivery. Not thread-safe.
class TaskStream : public ItemsetStream {
 public:
  TaskStream(OrderedDelivery& delivery, int64_t min_count, int min_size, int max_size)
      : ItemsetStream(min_count, min_size, max_size),
        delivery_(delivery),
        buffer_(delivery.pool()) {}

  void Start(uint32_t task) {
    task_ = task;
    direct_ = false;
    muted_ = false;
  }
  // What is put until the next task starts belongs to a task of another thread, and is dropped.
  void Mute() { muted_ = true; }
  // All itemsets of the task that was started last have been put.
  void Finish() { delivery_.Finish(task_, buffer_.TakePieces()); }

 protected:
  bool Take(absl::Span<const Item> items, int64_t count, int64_t subset_count) override;

 private:
  static constexpr size_t kMaxBuffered = size_t{4} << 20;

  OrderedDelivery& delivery_;
  ItemsetBuffer buffer_;
  uint32_t task_ = 0;
  bool muted_ = false;
  bool direct_ = false;  // What was buffered has been handed on, and the task is the next still.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_ORDERED_DELIVERY_H_
