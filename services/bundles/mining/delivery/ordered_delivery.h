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

// Delivers the itemsets of tasks in the order of the tasks, whatever order threads finish them in.
// Thread-safe; calls `out` from one thread at a time.
class OrderedDelivery {
 public:
  OrderedDelivery(ItemsetStream& out, SearchControl& control) : out_(out), control_(control) {}

  // The memory in which threads buffer their itemsets.
  ChunkPool& pool() { return pool_; }

  // Takes the remaining itemsets of task number `task`. Must be called once for each number from 0
  // on. Delivers whatever is next in order, and waits while the other tasks are too far behind.
  // Halts the search if `out` ends it.
  void Finish(uint32_t task, ItemsetPieces found);

  // Waits until all earlier tasks have finished, and then delivers a first part of this task's
  // itemsets. Returns false if the search has ended.
  bool HandOnPart(uint32_t task, const ItemsetPieces& part);

  // True once all earlier tasks have been delivered. The thread of `task` may then put its itemsets
  // directly to out() until it finishes the task.
  bool IsNext(uint32_t task) const { return next_.load(std::memory_order_acquire) == task; }
  ItemsetStream& out() { return out_; }
  // Must be called when out() ends the search.
  void Halt() { control_.Halt(); }

 private:
  // Limit for the bytes of itemsets that wait, not counting those of the task that finished last.
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
  // Written under mutex_, but read without it, far more often.
  alignas(64) std::atomic<uint32_t> next_ = 0;
};

// Passes the itemsets of one task after another to an OrderedDelivery. Not thread-safe.
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
  // Drops all itemsets until the next task starts, because they belong to a task of another thread.
  void Mute() { muted_ = true; }
  // Must be called once all itemsets of the task started last have been put.
  void Finish() { delivery_.Finish(task_, buffer_.TakePieces()); }

 protected:
  bool Take(absl::Span<const Item> items, int64_t count, int64_t subset_count) override;

 private:
  static constexpr size_t kMaxBuffered = size_t{4} << 20;

  OrderedDelivery& delivery_;
  ItemsetBuffer buffer_;
  uint32_t task_ = 0;
  bool muted_ = false;
  bool direct_ = false;  // The buffer has been delivered, and this task is still the next one.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_DELIVERY_ORDERED_DELIVERY_H_
