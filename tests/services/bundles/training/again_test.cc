// How probably customers buy a product again.

#include <cstdint>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/training/data/product_totals.h"
#include "tests/services/bundles/training/training_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

using index::Basket;

// The probabilities of the header, by walking through the baskets and remembering what each customer
// has bought.
std::vector<double> PlainAgain(const Purchases& purchases, size_t end, uint32_t guest) {
  std::vector<std::set<ProductNumber>> bought(purchases.customer_count);
  std::vector<double> later(purchases.skus.size());
  std::vector<double> again(purchases.skus.size());
  double sum_later = 0;
  double sum_again = 0;
  for (size_t i = 0; i < end; ++i) {
    if (purchases.customers[i] == guest) continue;
    std::set<ProductNumber>& known = bought[purchases.customers[i]];
    for (const ProductNumber product : known) {
      ++later[product];
      ++sum_later;
    }
    for (const ProductNumber product : purchases.basket(i)) {
      if (known.insert(product).second) continue;
      ++again[product];
      ++sum_again;
    }
  }
  std::vector<double> probabilities;
  for (size_t p = 0; p < later.size(); ++p) {
    probabilities.push_back((again[p] + 20 * (sum_again + 1) / (sum_later + 2)) / (later[p] + 20));
  }
  return probabilities;
}

TEST(AgainTest, AgreesWithAWalkThroughTheBaskets) {
  ForEachSeed(20, [](uint64_t seed) {
    Purchases purchases = ReadBaskets(StructuredBaskets(seed, 300, 60, 24, 12));
    purchases.guests[3] = 1;
    for (const size_t end : {size_t{0}, size_t{1}, size_t{200}, purchases.size()}) {
      const CustomerHistories histories(purchases, end);
      const std::vector<float> again = AgainOfProducts(purchases, histories, UINT32_MAX);
      const std::vector<double> expected = PlainAgain(purchases, end, 3);
      ASSERT_EQ(again.size(), expected.size());
      for (size_t p = 0; p < again.size(); ++p) {
        ASSERT_NEAR(again[p], expected[p], 1e-6) << "product " << p << " of " << end << " baskets";
        ASSERT_GT(again[p], 0);
        ASSERT_LT(again[p], 1);
      }
    }
  });
}

// Product 1 is in every basket of the customer, product 2 only in the first one.
TEST(AgainTest, WhatIsBoughtAgainAndAgainIsMoreProbable) {
  std::vector<Basket> baskets;
  for (int i = 0; i < 11; ++i) {
    Basket& basket = baskets.emplace_back();
    basket.transaction_id = i + 1;
    basket.customer_id = 7;
    basket.epoch_day = kFirstDay + i;
    basket.product_skus = {1};
    if (i == 0) basket.product_skus.push_back(2);
  }
  const Purchases purchases = ReadBaskets(baskets);
  const CustomerHistories histories(purchases, purchases.size());
  const double all = 11.0 / 22.0;  // (10 of 20 baskets + 1) / (20 + 2).
  const std::vector<float> again = AgainOfProducts(purchases, histories, UINT32_MAX);
  EXPECT_NEAR(again[0], (10 + 20 * all) / 30, 1e-6);
  EXPECT_NEAR(again[1], (0 + 20 * all) / 30, 1e-6);
}

}  // namespace
}  // namespace clustr::training
