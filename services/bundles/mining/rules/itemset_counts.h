#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_ITEMSET_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_ITEMSET_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/itemset_list.h"

namespace clustr::mining {

// Counts of itemsets by key. The key of a set is the sum of its items' keys, so the key of a subset
// is one subtraction away. Counts are exact: item keys are drawn anew until no two sets share a
// key. Takes at most 32 bytes for each set. Const methods are thread-safe.
class ItemsetCounts {
 public:
  // For distinct sets, with `counts` of at least 1 instead of their own counts. Copies what it
  // needs.
  ItemsetCounts(const ItemsetList& sets, absl::Span<const int64_t> counts);
  explicit ItemsetCounts(const ItemsetList& sets) : ItemsetCounts(sets, sets.counts) {}

  uint64_t key(Item item) const { return keys_[item]; }
  uint64_t key(absl::Span<const Item> set) const {
    uint64_t sum = 0;
    for (const Item item : set) sum += keys_[item];
    return sum;
  }

  // The count of the set with this key, which must be among the sets.
  int64_t Count(uint64_t key) const {
    size_t slot = key >> shift_;
    while (slots_[slot].key != key) slot = (slot + 1) & mask_;
    return slots_[slot].count;
  }
  // Prefetches a count for a later Count.
  void Prefetch(uint64_t key) const { __builtin_prefetch(&slots_[key >> shift_]); }

 private:
  struct Slot {
    uint64_t key;
    int64_t count;  // 0 in free slots.
  };

  void DrawKeys(uint64_t seed);
  bool Insert(uint64_t key, int64_t count);

  std::vector<uint64_t> keys_;  // Indexed by item.
  std::vector<Slot> slots_;     // Open addressing by the high bits of the key.
  int shift_ = 0;
  size_t mask_ = 0;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_ITEMSET_COUNTS_H_
