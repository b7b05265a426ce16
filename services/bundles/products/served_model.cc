#include "services/bundles/products/served_model.h"

#include <algorithm>
#include <utility>

namespace clustr::products {

ServedModel::ServedModel(ProductModel model)
    : model_(std::move(model)),
      completion_(model_, model_.completion),
      next_basket_(model_, model_.next_basket) {}

std::shared_ptr<const ModelBinding> ServedModel::Bind(const index::Snapshot& snapshot) const {
  const std::lock_guard lock(mutex_);
  const size_t bound = binding_ == nullptr ? 0 : binding_->product_of.size();
  if (binding_ != nullptr && bound >= snapshot.item_count()) return binding_;
  auto extended = binding_ == nullptr ? std::make_shared<ModelBinding>()
                                      : std::make_shared<ModelBinding>(*binding_);
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
  binding_ = std::move(extended);
  return binding_;
}

}  // namespace clustr::products
