#include "services/bundles/mining/rules/itemset_counts.h"

#include <algorithm>
#include <bit>

namespace clustr::mining {

ItemsetCounts::ItemsetCounts(const ItemsetList& sets, absl::Span<const int64_t> counts) {
  Item bound = 0;
  for (const Item item : sets.items) bound = std::max(bound, item + 1);
  keys_.resize(bound);
  const size_t size = std::bit_ceil(std::max<size_t>(2, sets.size() + sets.size() / 3 + 1));
  mask_ = size - 1;
  shift_ = 64 - std::countr_zero(size);
  for (uint64_t seed = 1;; ++seed) {
    DrawKeys(seed);
    slots_.assign(size, {0, 0});
    size_t inserted = 0;
    while (inserted < sets.size() && Insert(key(sets[inserted]), counts[inserted])) ++inserted;
    if (inserted == sets.size()) return;
  }
}

// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
void ItemsetCounts::DrawKeys(uint64_t seed) {
  uint64_t state = seed * 0xD1342543DE82EF95u;
  for (uint64_t& key : keys_) {
    state += 0x9E3779B97F4A7C15u;
    uint64_t z = state;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    key = z ^ z >> 31;
  }
}

// Returns false if another set has the same key.
bool ItemsetCounts::Insert(uint64_t key, int64_t count) {
  size_t slot = key >> shift_;
  for (; slots_[slot].count != 0; slot = (slot + 1) & mask_) {
    if (slots_[slot].key == key) return false;
  }
  slots_[slot] = {key, count};
  return true;
}

}  // namespace clustr::mining
