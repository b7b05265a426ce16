#include "common/schema/lists/order.h"

#include "absl/strings/str_cat.h"
#include "clustr/catalog/v1/product.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::schema {
namespace {

using catalog::v1::Product;
using ::testing::ElementsAre;
using ::testing::StartsWith;

// The parsed keys as texts, or the violations.
std::vector<std::string> Read(absl::string_view text) {
  std::vector<Violation> violations;
  std::vector<std::string> words;
  for (const OrderKey& key : ParseOrder(text, *Product::descriptor(), &violations)) {
    words.push_back(absl::StrCat(key.column.name, key.descending ? " desc" : ""));
  }
  return violations.empty() ? words : testing::Texts(violations);
}

TEST(OrderTest, TheIdBreaksTies) {
  EXPECT_THAT(Read(""), ElementsAre("product_sku"));
  EXPECT_THAT(Read("  "), ElementsAre("product_sku"));
  EXPECT_THAT(Read("brand"), ElementsAre("brand", "product_sku"));
  EXPECT_THAT(Read("price desc,brand"), ElementsAre("price_cents desc", "brand", "product_sku"));
  EXPECT_THAT(Read("  price   desc  ,  brand  "),
              ElementsAre("price_cents desc", "brand", "product_sku"));
}

TEST(OrderTest, DropsKeysAfterTheId) {
  EXPECT_THAT(Read("product_sku desc"), ElementsAre("product_sku desc"));
  EXPECT_THAT(Read("brand, product_sku desc, price"), ElementsAre("brand", "product_sku desc"));
}

TEST(OrderTest, ReportsEveryPartThatIsNotAnOrder) {
  EXPECT_THAT(Read("pricee, brand up, price, price desc"),
              ElementsAre(StartsWith("order_by: \"pricee\" is not a field of product; give one of "
                                     "product_sku, product_name, category, brand, price, "),
                          "order_by: \"brand up\" is not an order; give a field, optionally "
                          "followed by `desc`",
                          "order_by: \"price\" is named twice; name it once"));
  for (const char* text : {",", "brand,", ",brand", "brand,,price"}) {
    EXPECT_THAT(Read(text),
                ::testing::Each("order_by: a field is missing; separate fields by one comma"))
        << text;
  }
  for (const char* text : {"brand DESC", "brand asc", "brand desc desc", "brand price", "-brand"}) {
    EXPECT_THAT(Read(text), ElementsAre(StartsWith("order_by: \""))) << text;
  }
}

}  // namespace
}  // namespace clustr::schema
