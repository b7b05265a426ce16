#ifndef CLUSTR_SERVICES_BUNDLES_TRAINING_LEARNED_H_
#define CLUSTR_SERVICES_BUNDLES_TRAINING_LEARNED_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/products/product_model.h"
#include "services/bundles/training/data/product_sets.h"
#include "services/bundles/training/data/product_totals.h"
#include "services/bundles/training/data/purchases.h"

namespace clustr::training {

// What is chosen by validation.
struct Settings {
  double plain_regularisation = 60;  // Of the plain linear model (baseline `ease`).
  double regularisation = 30;        // Of the linear model of the blend.
  double size_exponent = 0.5;        // Of the same; see LinearOptions. 0: like `ease`.
  double cosine_scale = 0;           // See WithCosine.
  products::TaskWeights completion;
  products::TaskWeights next_basket;
  products::BoostedTrees completion_trees;  // Empty: there is no ranker of the task.
  std::vector<float> next_basket_line;      // The same.
};

// Limits on what a training may use.
struct TrainingLimits {
  size_t max_linear_products = 8'000;  // Memory: 4 * products^2 bytes.
  size_t max_links = 256;              // Links kept for each product.
};

// A prefix of the purchases, counted.
struct Learned {
  Learned(const Purchases& purchases, size_t end, int32_t day);

  const Purchases& purchases;
  const size_t end;   // Number of baskets that are learned from.
  const int32_t day;  // From which ages count.
  CustomerHistories histories;
  uint32_t guest_baskets;
  ProductTotals totals;
  ProductSets baskets;
  ProductSets customers;
  std::vector<products::ProductTimes> times;
  std::vector<float> again;
};

// A model without links: the products, their totals and the guests.
products::ProductModel FrameOf(const Learned& learned);

}  // namespace clustr::training

#endif  // CLUSTR_SERVICES_BUNDLES_TRAINING_LEARNED_H_
