#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ITEMSET_STREAM_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ITEMSET_STREAM_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "services/bundles/mining/basket_view.h"

namespace clustr::mining {

// One frequent itemset: items ascending, valid only during the call.
using ItemsetSink = absl::FunctionRef<void(absl::Span<const Item> items, int64_t count)>;

// The way of an itemset to the caller: bounds of size, the limit of results, the sink. Not
// thread-safe.
class ItemsetStream {
 public:
  ItemsetStream(ItemsetSink sink, int min_size, int max_size, int64_t max_itemsets)
      : sink_(sink), min_size_(min_size), max_size_(max_size), left_(max_itemsets) {}

  int min_size() const { return min_size_; }
  int max_size() const { return max_size_; }
  // True once an itemset was refused.
  bool exhausted() const { return exhausted_; }

  // Hands on a set of at most max_size items unless it is too small. False, and nothing handed on,
  // if it is one more than the limit.
  bool Put(absl::Span<const Item> items, int64_t count) {
    if (static_cast<int>(items.size()) < min_size_) return true;
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
  const int min_size_;
  const int max_size_;
  int64_t left_;
  bool exhausted_ = false;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ITEMSET_STREAM_H_
