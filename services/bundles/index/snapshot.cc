#include "services/bundles/index/snapshot.h"

#include <algorithm>

namespace clustr::index {

std::optional<Customer> Snapshot::customer(int64_t customer_id) const {
  const std::optional<uint32_t> number = parts_.customer_by_id.Find(customer_id);
  if (!number || !parts_.customers[*number].known) return std::nullopt;
  const CustomerCodes& codes = parts_.customers[*number];
  Customer customer = {.gender = text_of(codes.gender),
                       .age = codes.age,
                       .income_level = text_of(codes.income_level),
                       .customer_segment = text_of(codes.customer_segment),
                       .shopping_preference = text_of(codes.shopping_preference),
                       .city = text_of(codes.city),
                       .guest = codes.guest};
  if (codes.age == CustomerCodes::kNoAge) customer.age.reset();
  return customer;
}

void Snapshot::ForEachBasketOf(int64_t customer_id, absl::FunctionRef<bool(Slot)> visit) const {
  const std::optional<uint32_t> customer = parts_.customer_by_id.Find(customer_id);
  if (!customer) return;
  for (Slot slot = parts_.last_slots[*customer]; slot != kNoSlot; slot = log().previous()[slot]) {
    if (alive(slot) && !visit(slot)) return;
  }
}

std::vector<Item> Snapshot::CustomerItems(int64_t customer_id) const {
  std::vector<Item> bought;
  if (is_guest(customer_id)) return bought;
  ForEachBasketOf(customer_id, [&](Slot slot) {
    bought.insert(bought.end(), items(slot).begin(), items(slot).end());
    return true;
  });
  std::sort(bought.begin(), bought.end());
  bought.erase(std::unique(bought.begin(), bought.end()), bought.end());
  return bought;
}

}  // namespace clustr::index
