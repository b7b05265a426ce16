#include "services/bundles/training/data/product_sets.h"

namespace clustr::training {

void ProductSets::Add(absl::Span<const ProductNumber> set) {
  if (set.empty() || set.size() > kMaxPairedProducts) return;
  products.insert(products.end(), set.begin(), set.end());
  begins.push_back(products.size());
}

ProductSets SetsOfBaskets(const Purchases& purchases, size_t end) {
  ProductSets sets;
  for (size_t i = 0; i < end; ++i) sets.Add(purchases.basket(i));
  return sets;
}

ProductSets SetsOfCustomers(const Purchases& purchases, const CustomerHistories& histories,
                            uint32_t guest_baskets) {
  ProductSets sets;
  std::vector<ProductNumber> set;
  for (uint32_t customer = 0; customer < purchases.customer_count; ++customer) {
    if (histories.IsGuest(customer, guest_baskets)) continue;
    set.clear();
    for (const products::OwnProduct& own : histories.Own(customer, 0, 0)) {
      set.push_back(own.product);
    }
    sets.Add(set);
  }
  return sets;
}

}  // namespace clustr::training
