#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_SERVED_MODEL_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_SERVED_MODEL_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "services/bundles/index/snapshot.h"
#include "services/bundles/products/product_model.h"
#include "services/bundles/products/product_scorer.h"

namespace clustr::products {

using index::Item;

inline constexpr ProductNumber kNoProduct = UINT32_MAX;
inline constexpr Item kNoItem = UINT32_MAX;

// Which Item of the shop is which product of a model. Immutable.
struct ModelBinding {
  std::vector<ProductNumber> product_of;  // By Item; kNoProduct if the model does not know it.
  std::vector<Item> item_of;              // By product; kNoItem if the shop does not know it.
  std::vector<Item> unknown;              // The items that the model does not know, ascending.
};

// A model, ready to answer for the snapshots of one ShopIndex. Thread-safe.
class ServedModel {
 public:
  // `model` must be valid (ValidateModel).
  explicit ServedModel(ProductModel model);
  ServedModel(const ServedModel&) = delete;
  ServedModel& operator=(const ServedModel&) = delete;

  const ProductModel& model() const { return model_; }
  const ProductScorer& completion() const { return completion_; }
  const ProductScorer& next_basket() const { return next_basket_; }

  // The binding to the items of `snapshot`, or of a newer one, which then has further items. O(1)
  // unless the shop has items that it did not have at the last call. Waits for no other caller, who
  // may have a lower priority.
  std::shared_ptr<const ModelBinding> Bind(const index::Snapshot& snapshot) const;

 private:
  std::shared_ptr<const ModelBinding> Known() const;
  void Keep(std::shared_ptr<const ModelBinding> binding) const;

  const ProductModel model_;
  const ProductScorer completion_;
  const ProductScorer next_basket_;
  mutable std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  mutable std::shared_ptr<const ModelBinding> binding_;  // Guarded by mutex_.
};

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_SERVED_MODEL_H_
