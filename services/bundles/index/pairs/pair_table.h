#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
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

// By which baskets two sets of them differ: bit slot % 64 of word slot / 64, as in a Selection.
struct BasketChange {
  std::vector<uint64_t> added;
  std::vector<uint64_t> removed;
};

// How many baskets hold each pair of some products: a triangle with a place for each pair, whether
// or not a basket holds it. So a basket is counted without a search, which makes this the fastest
// way to count the pairs of many baskets with few products. Immutable once it is counted.
class PairTable {
 public:
  // Called from time to time; any status but OK ends the computation and becomes its result.
  using Wanted = absl::FunctionRef<absl::Status()>;

  static constexpr size_t kMaxProducts = 10'500;  // They take 62 MB.

  // Whether a table of the items i with kept[i] != 0 costs less than the baskets are worth, and is
  // small enough. single_counts[i] is the number of baskets that hold item i.
  static bool Suits(absl::Span<const uint32_t> single_counts, absl::Span<const uint8_t> kept,
                    int64_t basket_count);

  // Counts the pairs of the items i with kept[i] != 0. `kept` must have snapshot.item_count()
  // elements, of which at most kMaxProducts are not 0. Takes 2 to 5 ns for each pair in a basket.
  // `wanted` is called on this thread alone. Errors are those of `wanted` and of `counting`.
  static absl::StatusOr<PairTable> Count(const Snapshot& snapshot, const Selection& selection,
                                         absl::Span<const uint8_t> kept,
                                         const PairCounting& counting, Wanted wanted);

  // The same as Count for all items of the snapshot and a set of baskets that `base` and `change`
  // lead to. `base` must have all items that its baskets hold, numbered from 0. Copies `base`, and
  // then takes as long as Count for the baskets that are added and removed.
  static absl::StatusOr<PairTable> Move(const PairTable& base, const Snapshot& snapshot,
                                        const BasketChange& change, const PairCounting& counting,
                                        Wanted wanted);

  // The counts of `a` and of `b` together, whose baskets must differ, or with `add` false those of
  // `a` without those of `b`, which must be among them. Both must have the same items. Takes about
  // a nanosecond for each two places, and more for counts above 255.
  static PairTable Combine(const PairTable& a, const PairTable& b, bool add);

  // Calls `visit(Item a, Item b, uint32_t count)` with a > b for every pair in at least
  // `least(a)` >= 1 baskets, in an order that depends on the items alone, until it returns false.
  template <class Least, class Visit>
  void ForEachPair(Least least, Visit visit) const;

  // Number of items.
  size_t item_count() const { return items_.size(); }
  // About as many baskets are counted in the time that Combine takes.
  int64_t baskets_to_combine() const { return static_cast<int64_t>(places() / 200); }
  // The count of items a > b, in a table that has all items.
  uint32_t CountOf(Item a, Item b) const { return At(Row(a) + b); }
  size_t memory_bytes() const;

 private:
  // The number of counts that are compared at once; a block without a count to visit is skipped.
  static constexpr size_t kBlock = 64;
  // A count is kept in two parts, because most are low: so the part that is written at random is
  // small enough for the cache.
  static constexpr uint32_t kLow = 256;

  // All counts are 0. `items` are ascending.
  explicit PairTable(std::vector<Item> items);
  // Those of `base`, with further items, in no basket, up to `item_count`.
  PairTable(const PairTable& base, size_t item_count);

  // The place of the pair of items_[i] with items_[0].
  static size_t Row(size_t i) { return i == 0 ? 0 : i * (i - 1) / 2; }
  size_t places() const { return Row(items_.size()); }
  uint32_t At(size_t place) const {
    const uint32_t low = low_.data()[place];
    if ((high_places_[place / 64] >> (place % 64) & 1) == 0) return low;
    return low + kLow * high_.find(place)->second;
  }
  // Bit i is set if the count at place + i has a high part, for i < count <= kBlock.
  uint64_t HighPlaces(size_t place, size_t count) const {
    const size_t shift = place % 64;
    uint64_t bits = high_places_[place / 64] >> shift;
    if (shift != 0) bits |= high_places_[place / 64 + 1] << (64 - shift);
    return count == 64 ? bits : bits & ((uint64_t{1} << count) - 1);
  }
  // Add to a high part, and take away from it.
  void Carry(size_t place, uint32_t high);
  void Borrow(size_t place, uint32_t high);

  // Adds the pairs in the baskets of `words`, or takes them away.
  absl::Status Apply(const Snapshot& snapshot, absl::Span<const uint64_t> words, bool add,
                     const PairCounting& counting, Wanted wanted);
  // Adds the counts of a table of the same items, or takes them away.
  void Merge(const PairTable& other, bool add);

  class Counter;

  std::vector<Item> items_;  // Those that are kept, ascending.
  // The count of items_[i] with items_[j], j < i, is that at place Row(i) + j: low_[place] +
  // kLow * high_[place], which has only the places whose bit in high_places_ is set.
  mining::LargeArray<uint8_t> low_;
  absl::flat_hash_map<size_t, uint32_t> high_;
  std::vector<uint64_t> high_places_;
};

template <class Least, class Visit>
void PairTable::ForEachPair(Least least, Visit visit) const {
  for (size_t i = 1; i < items_.size(); ++i) {
    const uint32_t min_count = least(items_[i]);
    const auto min_low = static_cast<uint8_t>(std::min(min_count, kLow - 1));
    for (size_t j = 0; j < i; j += kBlock) {
      const size_t count = std::min(kBlock, i - j);
      const size_t place = Row(i) + j;
      const uint64_t high = HighPlaces(place, count);
      uint8_t reached = 0;
      if (min_count < kLow) {
        const uint8_t* const low =
            low_.data() + place;  // The loop has no branch: it is vectorised.
        for (size_t k = 0; k < count; ++k) reached |= low[k] >= min_low ? 1 : 0;
      }
      if (reached == 0 && high == 0) continue;
      for (size_t k = 0; k < count; ++k) {
        if (low_.data()[place + k] < min_low && (high >> k & 1) == 0) continue;
        const uint32_t held_by = At(place + k);
        if (held_by >= min_count && !visit(items_[i], items_[j + k], held_by)) return;
      }
    }
  }
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_PAIRS_PAIR_TABLE_H_
