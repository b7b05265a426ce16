#include "services/bundles/mining/itemset_table.h"

#include <algorithm>

namespace clustr::mining {
namespace {

constexpr uint32_t kFree = UINT32_MAX;
constexpr size_t kLeastSlots = 64;

uint64_t Hash(absl::Span<const Item> items) {
  uint64_t hash = 0;
  for (const Item item : items) {
    hash = (hash ^ item) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

bool ItemsetTable::Insert(absl::Span<const Item> items, int64_t count) {
  if (2 * (size() + 1) > slots_.size()) Grow();
  const size_t slot = FindSlot(items);
  if (slots_[slot] != kFree) return false;
  slots_[slot] = static_cast<uint32_t>(size());
  items_.insert(items_.end(), items.begin(), items.end());
  begins_.push_back(items_.size());
  counts_.push_back(count);
  return true;
}

int64_t ItemsetTable::Count(absl::Span<const Item> items) const {
  if (slots_.empty()) return -1;
  const uint32_t at = slots_[FindSlot(items)];
  return at == kFree ? -1 : counts_[at];
}

// The slot of `set`, or the free one where it belongs.
size_t ItemsetTable::FindSlot(absl::Span<const Item> set) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = Hash(set) & mask;
  while (slots_[slot] != kFree && items(slots_[slot]) != set) slot = (slot + 1) & mask;
  return slot;
}

void ItemsetTable::Grow() {
  slots_.assign(std::max(kLeastSlots, 2 * slots_.size()), kFree);
  for (size_t i = 0; i < size(); ++i) slots_[FindSlot(items(i))] = static_cast<uint32_t>(i);
}

}  // namespace clustr::mining
