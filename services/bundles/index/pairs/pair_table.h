#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/base/large_memory.h"

namespace clustr::index {

// Limits on the work of counting the pairs of products in many baskets.
struct PairCounting {
  int64_t max_pairs = INT64_MAX;  // In all baskets together; RESOURCE_EXHAUSTED if there are more.
  int threads = 1;                // Including the caller's; at least 1.
};

// How many baskets of a selection hold each pair of some products: a triangle with a place for each
// pair, whether or not a basket holds it. So a basket is counted without a search, which makes this
// the fastest way to count the pairs of many baskets with few products. Immutable.
class PairTable {
 public:
  // Called from time to time; any status but OK ends the computation and becomes its result.
  using Wanted = absl::FunctionRef<absl::Status()>;

  // Whether a table of the items i with kept[i] != 0 costs less than the baskets are worth, and is
  // small enough. single_counts[i] is the number of baskets that hold item i.
  static bool Suits(absl::Span<const uint32_t> single_counts, absl::Span<const uint8_t> kept,
                    int64_t basket_count);

  // Counts the pairs of the items i with kept[i] != 0. `kept` must have snapshot.item_count()
  // elements, and Suits() must hold. Takes 4 to 8 ns for each pair in a basket. `wanted` is called
  // on this thread alone. Errors are those of `wanted` and of `counting`.
  static absl::StatusOr<PairTable> Count(const Snapshot& snapshot, const Selection& selection,
                                         absl::Span<const uint8_t> kept,
                                         const PairCounting& counting, Wanted wanted);

  // Calls `visit(Item a, Item b, uint32_t count)` with a > b for every pair in at least `min_count`
  // >= 1 baskets, in an order that depends on the items alone, until it returns false.
  template <class Visit>
  void ForEachPair(uint32_t min_count, Visit visit) const;

  size_t memory_bytes() const;

 private:
  // The number of counts that are compared at once; a block without a count to visit is skipped.
  static constexpr size_t kBlock = 64;
  // Counts are kept in two parts, because most are low: so the part that is written at random is
  // small enough for the cache.
  static constexpr uint32_t kLow = 256;

  explicit PairTable(std::vector<Item> items);

  // The place of the pair of items_[i] with items_[0]; i >= 1.
  static size_t Row(size_t i) { return i * (i - 1) / 2; }
  size_t places() const { return items_.empty() ? 0 : Row(items_.size()); }
  void Add(const PairTable& other);
  uint32_t At(size_t place) const { return low_.data()[place] + kLow * high_.data()[place]; }
  bool AnyReaches(uint32_t min_count, size_t place, size_t count) const {
    uint32_t reached = 0;  // Has no branch, so that the loop is vectorised.
    for (size_t i = 0; i < count; ++i) reached |= At(place + i) >= min_count ? 1 : 0;
    return reached != 0;
  }

  class Counter;

  std::vector<Item> items_;  // Those that are kept, ascending.
  // The count of items_[i] with items_[j], j < i, is low_[Row(i) + j] + kLow * high_[Row(i) + j].
  mining::LargeArray<uint8_t> low_;
  mining::LargeArray<uint16_t> high_;
};

template <class Visit>
void PairTable::ForEachPair(uint32_t min_count, Visit visit) const {
  for (size_t i = 1; i < items_.size(); ++i) {
    for (size_t j = 0; j < i; j += kBlock) {
      const size_t count = std::min(kBlock, i - j);
      const size_t place = Row(i) + j;
      if (!AnyReaches(min_count, place, count)) continue;
      for (size_t k = 0; k < count; ++k) {
        const uint32_t held_by = At(place + k);
        if (held_by >= min_count && !visit(items_[i], items_[j + k], held_by)) return;
      }
    }
  }
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLE_H_
