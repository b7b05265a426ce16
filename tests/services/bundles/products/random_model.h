#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANDOM_MODEL_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANDOM_MODEL_H_

#include <cstdint>
#include <random>
#include <vector>

#include "services/bundles/products/product_model.h"

namespace clustr::products {

// Draws models with every part in use.
class RandomModel {
 public:
  explicit RandomModel(uint64_t seed) : random_(seed) {}

  int64_t Number(int64_t min, int64_t max) {
    return std::uniform_int_distribution<int64_t>(min, max)(random_);
  }
  double Real(double min, double max) {
    return std::uniform_real_distribution<double>(min, max)(random_);
  }
  double OneOf(std::initializer_list<double> values) {
    return *(values.begin() + Number(0, static_cast<int64_t>(values.size()) - 1));
  }

  ProductLinks Links(size_t product_count, double min_weight) {
    ProductLinks links;
    for (ProductNumber source = 0; source < product_count; ++source) {
      std::vector<ProductNumber> targets;
      std::vector<float> weights;
      for (ProductNumber target = 0; target < product_count; ++target) {
        if (target == source || Number(0, 2) == 0) continue;
        targets.push_back(target);
        weights.push_back(static_cast<float>(Real(min_weight, 1)));
      }
      links.AddRow(targets, weights);
    }
    return links;
  }

  TaskModel Task(size_t product_count) {
    TaskModel task;
    task.takes_maximum = Number(0, 3) == 0;
    task.basket_links = Links(product_count, task.takes_maximum ? 0 : -0.3);
    task.history_links = Links(product_count, 0);
    task.weights = {.own = OneOf({0, 0.1, 1}),
                    .own_exponent = OneOf({0.5, 1, 1.5}),
                    .own_half_life_days = OneOf({0, 20, 90}),
                    .similar = OneOf({0, 0.2}),
                    .popular = OneOf({0, 0.1}),
                    .common = OneOf({0, 0.3}),
                    .recent_exponent = OneOf({0, 0.5}),
                    .count_exponent = OneOf({0, 0.1}),
                    .again_exponent = OneOf({0, 0, 0.5, 1})};
    return task;
  }

  // `first_sku` is the smallest SKU; they have gaps.
  ProductModel Model(size_t product_count, int64_t first_sku = 1) {
    ProductModel model;
    int64_t sku = first_sku;
    for (size_t i = 0; i < product_count; ++i) {
      model.skus.push_back(sku);
      sku += Number(1, 3);
      model.counts.push_back(static_cast<uint32_t>(Number(0, 50)));
      model.recent.push_back(static_cast<float>(Real(0, 10)));
    }
    model.reference_day = static_cast<int32_t>(Number(19'000, 19'100));
    model.completion = Task(product_count);
    model.next_basket = Task(product_count);
    model.due = {OneOf({10, 60}), Real(0, 3), Real(0, 2)};
    for (size_t i = 0; UsesAgain(model) && i < product_count; ++i) {
      model.again.push_back(static_cast<float>(Real(0.001, 1)));
    }
    return model;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace clustr::products

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_PRODUCTS_RANDOM_MODEL_H_
