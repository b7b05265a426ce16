#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ITEMSET_TABLE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ITEMSET_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::mining {

// Counts of itemsets by set: about 30 bytes and 4 more per item for each. Not thread-safe. Spans
// stay valid until the next Insert. Fewer than 2^32 sets.
class ItemsetTable {
 public:
  // `items` ascending, at least one. False, and nothing done, if the set is there already.
  bool Insert(absl::Span<const Item> items, int64_t count);

  // The count of a set, or -1 if it is not there.
  int64_t Count(absl::Span<const Item> items) const;

  // Sets in the order of their insertion, numbered from 0.
  size_t size() const { return counts_.size(); }
  absl::Span<const Item> items(size_t i) const {
    return absl::MakeConstSpan(items_).subspan(begins_[i], begins_[i + 1] - begins_[i]);
  }
  int64_t count(size_t i) const { return counts_[i]; }
  void set_count(size_t i, int64_t count) { counts_[i] = count; }

 private:
  size_t FindSlot(absl::Span<const Item> items) const;
  void Grow();

  std::vector<Item> items_;
  std::vector<uint64_t> begins_ = {0};
  std::vector<int64_t> counts_;
  std::vector<uint32_t> slots_;  // Open addressing, a power of two; at most half of it is in use.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ITEMSET_TABLE_H_
