#include "services/bundles/products/served_model.h"

#include <algorithm>
#include <utility>

namespace clustr::products {

ServedModel::ServedModel(ProductModel model)
    : model_(std::move(model)),
      completion_(model_, model_.completion),
      next_basket_(model_, model_.next_basket) {}

std::shared_ptr<const ModelBinding> ServedModel::Bind(const index::Snapshot& snapshot) const {
  const auto known = Known();
  const size_t bound = known == nullptr ? 0 : known->product_of.size();
  if (known != nullptr && bound >= snapshot.item_count()) return known;
  auto extended =
      known == nullptr ? std::make_shared<ModelBinding>() : std::make_shared<ModelBinding>(*known);
  extended->item_of.resize(model_.skus.size(), kNoItem);
  for (Item item = static_cast<Item>(bound); item < snapshot.item_count(); ++item) {
    const int64_t sku = snapshot.sku_of(item);
    const auto it = std::lower_bound(model_.skus.begin(), model_.skus.end(), sku);
    if (it == model_.skus.end() || *it != sku) {
      extended->product_of.push_back(kNoProduct);
      extended->unknown.push_back(item);
    } else {
      const auto product = static_cast<ProductNumber>(it - model_.skus.begin());
      extended->product_of.push_back(product);
      extended->item_of[product] = item;
    }
  }
  Keep(extended);
  return extended;
}

std::shared_ptr<const ModelBinding> ServedModel::Known() const {
  const std::lock_guard lock(mutex_);
  return binding_;
}

void ServedModel::Keep(std::shared_ptr<const ModelBinding> binding) const {
  const std::lock_guard lock(mutex_);
  const bool has_more =
      binding_ == nullptr || binding->product_of.size() > binding_->product_of.size();
  if (has_more) binding_.swap(binding);  // The other one is freed without the lock.
}

}  // namespace clustr::products
