#include "services/bundles/index/snapshot.h"

#include <algorithm>

namespace clustr::index {

std::vector<Item> Snapshot::CustomerItems(int64_t customer_id) const {
  std::vector<Item> bought;
  const std::optional<uint32_t> customer = parts_.customer_by_id.Find(customer_id);
  if (!customer) return bought;
  for (Slot slot = parts_.last_slots[*customer]; slot != kNoSlot; slot = log().previous()[slot]) {
    if (!alive(slot)) continue;
    bought.insert(bought.end(), items(slot).begin(), items(slot).end());
  }
  std::sort(bought.begin(), bought.end());
  bought.erase(std::unique(bought.begin(), bought.end()), bought.end());
  return bought;
}

}  // namespace clustr::index
