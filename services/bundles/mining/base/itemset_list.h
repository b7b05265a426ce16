#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_LIST_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_LIST_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mining {

// Itemsets in flat arrays: 16 bytes for each set and 4 for each of its items.
struct ItemsetList {
  std::vector<Item> items;
  std::vector<uint64_t> begins = {0};
  std::vector<int64_t> counts;

  size_t size() const { return counts.size(); }
  // The items of set i, ascending.
  absl::Span<const Item> operator[](size_t i) const {
    return absl::MakeConstSpan(items).subspan(begins[i], begins[i + 1] - begins[i]);
  }
  void Add(absl::Span<const Item> set, int64_t count) {
    items.insert(items.end(), set.begin(), set.end());
    begins.push_back(items.size());
    counts.push_back(count);
  }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_ITEMSET_LIST_H_
