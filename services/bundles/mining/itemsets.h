#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

namespace clustr::mining {

// A product as a dense number: 0 up to the number of products, assigned by whoever owns the
// baskets. Memory grows with the highest number, so gaps are not free.
using Item = uint32_t;

// Borrowed view of baskets in one contiguous array: basket i is items[offsets[i]] up to
// items[offsets[i + 1]], its items distinct and ascending. `offsets` has one entry more than there
// are baskets (or none at all); fewer than 2^32 baskets. An empty basket is allowed and holds no
// itemset. The arrays must outlive the view.
struct BasketView {
  absl::Span<const Item> items;
  absl::Span<const uint64_t> offsets;

  size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  absl::Span<const Item> operator[](size_t i) const {
    return items.subspan(offsets[i], offsets[i + 1] - offsets[i]);
  }
};

// Which itemsets are wanted.
struct ItemsetQuery {
  int64_t min_count = 1;             // Baskets that hold the whole set; at least 1.
  int min_size = 1;                  // Items of a set that is reported; at least 1.
  int max_size = 4;                  // At most this many items; at least min_size.
  int64_t max_itemsets = INT64_MAX;  // More than this many reported sets: RESOURCE_EXHAUSTED.
};

// One frequent itemset: items ascending, valid only during the call.
using ItemsetSink = absl::FunctionRef<void(absl::Span<const Item> items, int64_t count)>;

// Hands every itemset of `baskets` that satisfies `query` to `sink`, each exactly once, in no
// promised order. INVALID_ARGUMENT for a query out of range; RESOURCE_EXHAUSTED once more than
// max_itemsets were found (the sink has then seen max_itemsets of them). Reentrant: no shared
// state. Itemsets are not kept: memory is of the order of the input, time that of the answer.
absl::Status MineItemsets(const BasketView& baskets, const ItemsetQuery& query, ItemsetSink sink);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ITEMSETS_H_
