#include "services/bundles/scoring/product_filter.h"

namespace clustr::scoring {

ProductFilter::ProductFilter(const ProductBounds& bounds)
    : in_stock_only_(bounds.in_stock_only),
      categories_(bounds.categories.begin(), bounds.categories.end()),
      brands_(bounds.brands.begin(), bounds.brands.end()),
      excluded_(bounds.excluded.begin(), bounds.excluded.end()) {
  excluded_.insert(bounds.purchased.begin(), bounds.purchased.end());
}

bool ProductFilter::Allows(const index::Snapshot& snapshot, Item item) const {
  const index::Product* product = snapshot.product(item);
  return product != nullptr && (product->in_stock || !in_stock_only_) &&
         (categories_.empty() || categories_.contains(product->category)) &&
         (brands_.empty() || brands_.contains(product->brand)) && !excluded_.contains(item);
}

std::vector<uint8_t> ProductFilter::AllowedItems(const index::Snapshot& snapshot) const {
  std::vector<uint8_t> allowed(snapshot.item_count());
  for (Item item = 0; item < allowed.size(); ++item) allowed[item] = Allows(snapshot, item);
  return allowed;
}

bool MeetsMargin(std::optional<int64_t> margin_cents, int64_t price_cents,
                 double min_margin_ratio) {
  if (!margin_cents) return false;
  const double ratio =
      price_cents == 0 ? 0 : static_cast<double>(*margin_cents) / static_cast<double>(price_cents);
  return ratio >= min_margin_ratio;
}

}  // namespace clustr::scoring
