#include "common/resource/row_cache.h"

#include <string>

#include "clustr/catalog/v1/product.pb.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::resource {
namespace {

using catalog::v1::Product;
using testing::EqualsText;
using testing::Text;

TEST(RowCacheTest, FindsWhatWasPutUntilAnythingIsCommitted) {
  RowCache<Product> cache;
  Product row;
  EXPECT_FALSE(cache.Find(1, 5, &row));
  cache.Put(1, 5, Text<Product>("product_sku: 1 price: 2"));
  ASSERT_TRUE(cache.Find(1, 5, &row));
  EXPECT_THAT(row, EqualsText("product_sku: 1 price: 2"));
  EXPECT_FALSE(cache.Find(2, 5, &row));
  EXPECT_FALSE(cache.Find(1, 6, &row));
}

TEST(RowCacheTest, ForgetsOlderRevisionsAndRefusesLateOnes) {
  RowCache<Product> cache;
  Product row;
  cache.Put(1, 5, Text<Product>("product_sku: 1"));
  cache.Put(2, 6, Text<Product>("product_sku: 2"));
  EXPECT_FALSE(cache.Find(1, 6, &row));
  cache.Put(3, 5, Text<Product>("product_sku: 3"));
  EXPECT_FALSE(cache.Find(3, 6, &row));
  EXPECT_TRUE(cache.Find(2, 6, &row));
}

TEST(RowCacheTest, StartsOverBeforeItHoldsTooMuch) {
  RowCache<Product> cache;
  Product large;
  large.set_product_name(std::string(5 << 20, 'x'));
  Product row;
  for (const int64_t id : {1, 2, 3}) cache.Put(id, 1, large);
  EXPECT_TRUE(cache.Find(3, 1, &row));
  cache.Put(4, 1, large);
  EXPECT_FALSE(cache.Find(3, 1, &row));
  EXPECT_TRUE(cache.Find(4, 1, &row));
}

}  // namespace
}  // namespace clustr::resource
