#include "services/bundles/mining/base/itemset.h"

#include <algorithm>
#include <iterator>

namespace clustr::mining {

std::vector<Item> MakeItemset(std::vector<Item> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

std::vector<Item> Union(absl::Span<const Item> a, absl::Span<const Item> b) {
  std::vector<Item> out;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

}  // namespace clustr::mining
