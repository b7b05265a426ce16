#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_STREAM_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mining {

// Receives one frequent itemset. `items` is ascending and valid only during the call.
using ItemsetSink = absl::FunctionRef<void(absl::Span<const Item> items, int64_t count)>;

// The receiver of the itemsets of a search. Also tells the search which itemsets are still wanted:
// min_count() may rise while the search runs. Not thread-safe.
class ItemsetStream {
 public:
  ItemsetStream(int64_t min_count, int min_size, int max_size)
      : min_count_(min_count), min_size_(min_size), max_size_(max_size) {}
  ItemsetStream(const ItemsetStream&) = delete;
  ItemsetStream& operator=(const ItemsetStream&) = delete;
  virtual ~ItemsetStream() = default;

  int64_t min_count() const { return min_count_; }
  int min_size() const { return min_size_; }
  int max_size() const { return max_size_; }

  // Takes a set of at most max_size() items, or ignores it if it is no longer wanted. Returns false
  // to end the search. `subset_count` is a lower bound for the count of some subset with one item
  // less.
  bool Put(absl::Span<const Item> items, int64_t count, int64_t subset_count = 0) {
    if (static_cast<int>(items.size()) < min_size_ || count < min_count_) return true;
    return Take(items, count, subset_count);
  }

 protected:
  virtual bool Take(absl::Span<const Item> items, int64_t count, int64_t subset_count) = 0;
  // Has no effect if `count` is below min_count().
  void RaiseMinCount(int64_t count) {
    if (count > min_count_) min_count_ = count;
  }

 private:
  int64_t min_count_;
  const int min_size_;
  const int max_size_;
};

// Hands itemsets to a sink, up to a limit.
class SinkStream : public ItemsetStream {
 public:
  SinkStream(ItemsetSink sink, int64_t min_count, int min_size, int max_size, int64_t max_itemsets)
      : ItemsetStream(min_count, min_size, max_size), sink_(sink), left_(max_itemsets) {}

  // True once more itemsets were put than the limit allows.
  bool exhausted() const { return exhausted_; }

 protected:
  bool Take(absl::Span<const Item> items, int64_t count, int64_t /*subset_count*/) override {
    if (left_ == 0) {
      exhausted_ = true;
      return false;
    }
    --left_;
    sink_(items, count);
    return true;
  }

 private:
  ItemsetSink sink_;
  int64_t left_;
  bool exhausted_ = false;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_STREAM_H_
