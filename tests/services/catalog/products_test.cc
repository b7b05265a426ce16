#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::EqualsText;
using testing::Fails;
using testing::IsOk;
using testing::Products;
using testing::RefusesFields;
using Fields = std::vector<std::string>;

constexpr char kCap[] = "product { product_name: 'Cap' category: 'Hats' price: 5 in_stock: true }";

class ProductsTest : public ::testing::Test {
 protected:
  void CreateCap() { ASSERT_THAT(catalog_.Ask(&Products::CreateProduct, kCap), IsOk()); }

  // The product as it is stored.
  v1::Product Stored(int64_t sku) {
    const auto got = catalog_.Ask(&Products::GetProduct, "product_sku: " + std::to_string(sku));
    EXPECT_THAT(got, IsOk());
    return got.ok() ? got->product() : v1::Product();
  }

  auto Update(const std::string& request) {
    return catalog_.Ask(&Products::UpdateProduct, request);
  }

  testing::CatalogServer catalog_;
};

TEST_F(ProductsTest, CreateAnswersWhatIsStored) {
  const auto created = catalog_.Ask(
      &Products::CreateProduct,
      "product { product_name: \"O'Brien \\\"x\\\"; DROP TABLE products; 🐈\" brand: '' "
      "price: 0.30000000000000004 revision: 77 }");
  ASSERT_THAT(created, IsOk());
  EXPECT_THAT(*created,
              EqualsText("product { product_sku: 1 product_name: \"O'Brien \\\"x\\\"; DROP TABLE "
                         "products; 🐈\" brand: '' price: 0.3 revision: 1 }"));
  EXPECT_THAT(Stored(1), testing::EqualsMessage(created->product()));
}

TEST_F(ProductsTest, CreateRefusesAnId) {
  EXPECT_THAT(catalog_.Ask(&Products::CreateProduct,
                           "product { product_sku: 7 product_name: 'Cap' price: 5 }"),
              RefusesFields(Fields{"product.product_sku"}));
}

TEST_F(ProductsTest, CreateReportsAllViolationsTogether) {
  EXPECT_THAT(
      catalog_.Ask(&Products::CreateProduct,
                   "product { product_sku: -3 product_name: '  ' brand: 'a\\tb' unit_cost: 0.001 }"
                   " request_id: 'a b'"),
      RefusesFields(Fields{"product.product_sku", "product.brand", "product.unit_cost",
                           "request_id", "product.product_sku", "product.product_name",
                           "product.price"}));
  EXPECT_THAT(catalog_.Ask(&Products::CreateProduct, ""), RefusesFields(Fields{"product"}));
  EXPECT_EQ(catalog_.Head(), 0);
}

TEST_F(ProductsTest, GetNeverAnswersWhatWasBeforeAnAcknowledgedWrite) {
  CreateCap();
  std::atomic<int> acknowledged{0};
  std::atomic<int> stale{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      for (int min_price = 0; min_price < 200;) {
        min_price = acknowledged;
        if (Stored(1).price() < min_price) ++stale;
      }
    });
  }
  for (int price = 1; price <= 200; ++price) {
    EXPECT_THAT(Update("product { product_sku: 1 price: " + std::to_string(price) + " }"), IsOk());
    acknowledged = price;
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(stale, 0);
}

TEST_F(ProductsTest, GetOfAMissHasItsReason) {
  EXPECT_THAT(catalog_.Ask(&Products::GetProduct, "product_sku: 7"),
              Fails(absl::StatusCode::kNotFound, "PRODUCT_NOT_FOUND", "no product 7"));
  EXPECT_THAT(catalog_.Ask(&Products::GetProduct, ""), RefusesFields(Fields{"product_sku"}));
}

TEST_F(ProductsTest, BatchGetAnswersEachPlace) {
  CreateCap();
  CreateCap();
  const auto got = catalog_.Ask(&Products::BatchGetProducts, "product_skus: [2, 1, 2]");
  ASSERT_THAT(got, IsOk());
  ASSERT_EQ(got->products_size(), 3);
  EXPECT_EQ(got->products(0).product_sku(), 2);
  EXPECT_EQ(got->products(1).product_sku(), 1);
  EXPECT_EQ(got->products(2).product_sku(), 2);
}

TEST_F(ProductsTest, BatchGetIsAllOrNothingAndNamesTheFirstTwenty) {
  CreateCap();
  std::string skus;
  for (int sku = 1; sku <= 26; ++sku) skus += " product_skus: " + std::to_string(sku);
  EXPECT_THAT(catalog_.Ask(&Products::BatchGetProducts, skus),
              Fails(absl::StatusCode::kNotFound, "PRODUCT_NOT_FOUND",
                    "no product 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
                    "20, 21 and 5 more"));
}

TEST_F(ProductsTest, UpdateWithoutAMaskTakesTheFieldsThatAreSet) {
  CreateCap();
  const auto updated = Update("product { product_sku: 1 price: 6 in_stock: false }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_THAT(*updated, EqualsText("product { product_sku: 1 product_name: 'Cap' category: 'Hats' "
                                   "price: 6 in_stock: false revision: 2 }"));
  EXPECT_THAT(Stored(1), testing::EqualsMessage(updated->product()));
}

TEST_F(ProductsTest, UpdateClearsWhatTheMaskNames) {
  CreateCap();
  EXPECT_THAT(Update("product { product_sku: 1 price: 9 } update_mask { paths: 'category' }"),
              IsOk());
  EXPECT_THAT(Stored(1), EqualsText("product_sku: 1 product_name: 'Cap' price: 5 in_stock: true "
                                    "revision: 2"));
}

TEST_F(ProductsTest, UpdateWithAStarReplacesTheRow) {
  CreateCap();
  EXPECT_THAT(Update("product { product_sku: 1 product_name: 'Hat' price: 9 } "
                     "update_mask { paths: '*' }"),
              IsOk());
  EXPECT_THAT(Stored(1), EqualsText("product_sku: 1 product_name: 'Hat' price: 9 revision: 2"));
}

TEST_F(ProductsTest, UpdateDoesNotClearARequiredField) {
  CreateCap();
  EXPECT_THAT(Update("product { product_sku: 1 } update_mask { paths: 'price' "
                     "paths: 'product_name' }"),
              RefusesFields(Fields{"product.product_name", "product.price"}));
  EXPECT_EQ(Stored(1).revision(), 1);
}

TEST_F(ProductsTest, UpdateReportsAllViolationsTogether) {
  EXPECT_THAT(Update("product { price: -1 } update_mask { paths: 'colour' paths: 'revision' "
                     "paths: 'product_sku' }"),
              RefusesFields(Fields{"product.price", "update_mask", "update_mask", "update_mask",
                                   "product.product_sku"}));
  EXPECT_THAT(Update(""), RefusesFields(Fields{"product"}));
}

TEST_F(ProductsTest, AnUpdateThatChangesNothingTakesNoRevision) {
  CreateCap();
  const auto updated = Update("product { product_sku: 1 price: 5.000001 }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->product().revision(), 1);
  EXPECT_EQ(updated->product().price(), 5);
  EXPECT_EQ(catalog_.Head(), 1);
}

TEST_F(ProductsTest, UpdateHoldsToItsRevision) {
  CreateCap();
  EXPECT_THAT(Update("product { product_sku: 1 price: 6 revision: 1 }"), IsOk());
  EXPECT_THAT(Update("product { product_sku: 1 price: 7 revision: 1 }"),
              Fails(absl::StatusCode::kAborted, "REVISION_MISMATCH",
                    "revision: 1 was expected but the product is at 2"));
  EXPECT_EQ(Stored(1).price(), 6);
}

TEST_F(ProductsTest, UpdateOfAMissCreatesOnlyIfAllowed) {
  EXPECT_THAT(Update("product { product_sku: 9 product_name: 'Cap' price: 1 }"),
              Fails(absl::StatusCode::kNotFound, "PRODUCT_NOT_FOUND", "no product 9"));
  EXPECT_THAT(Update("product { product_sku: 9 product_name: 'Cap' price: 1 } allow_missing: true "
                     "update_mask { paths: 'price' }"),
              IsOk());
  EXPECT_THAT(Stored(9), EqualsText("product_sku: 9 product_name: 'Cap' price: 1 revision: 1"));
  CreateCap();
  EXPECT_EQ(Stored(10).product_name(), "Cap");
  EXPECT_THAT(Update("product { product_sku: 20 price: 1 } allow_missing: true"),
              RefusesFields(Fields{"product.product_name"}));
}

TEST_F(ProductsTest, ValidateOnlyChangesNothing) {
  CreateCap();
  const auto created =
      catalog_.Ask(&Products::CreateProduct, std::string(kCap) + " validate_only: true");
  EXPECT_THAT(created, IsOk());
  const auto updated = Update("product { product_sku: 1 price: 6 } validate_only: true");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->product().price(), 6);
  EXPECT_EQ(Stored(1).price(), 5);
  EXPECT_EQ(catalog_.Head(), 1);
  EXPECT_THAT(Update("product { product_sku: 1 price: -1 } validate_only: true"),
              RefusesFields(Fields{"product.price"}));
}

TEST_F(ProductsTest, DeleteLeavesNothingButItsRevision) {
  CreateCap();
  const auto deleted = catalog_.Ask(&Products::DeleteProduct, "product_sku: 1");
  ASSERT_THAT(deleted, IsOk());
  EXPECT_EQ(deleted->revision(), 2);
  EXPECT_THAT(catalog_.Ask(&Products::GetProduct, "product_sku: 1"),
              Fails(absl::StatusCode::kNotFound, "PRODUCT_NOT_FOUND", ""));
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1"),
              Fails(absl::StatusCode::kNotFound, "PRODUCT_NOT_FOUND", ""));
  const auto again = catalog_.Ask(&Products::DeleteProduct, "product_sku: 1 allow_missing: true");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->revision(), 2);
  const auto never = catalog_.Ask(&Products::DeleteProduct, "product_sku: 5 allow_missing: true");
  ASSERT_THAT(never, IsOk());
  EXPECT_EQ(never->revision(), 0);
  CreateCap();
  EXPECT_EQ(Stored(2).product_sku(), 2);
}

TEST_F(ProductsTest, DeleteHoldsToItsRevision) {
  CreateCap();
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1 revision: 9"),
              Fails(absl::StatusCode::kAborted, "REVISION_MISMATCH", ""));
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1 revision: -1"),
              RefusesFields(Fields{"revision"}));
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1 revision: 1"), IsOk());
}

TEST_F(ProductsTest, StatusCountsTheRows) {
  CreateCap();
  CreateCap();
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1"), IsOk());
  ops::v1::GetStatusResponse status;
  catalog_.server().program().AddStatus(&status);
  EXPECT_EQ(status.revision(), 3);
  EXPECT_EQ(status.row_counts().at("products"), 1);
  EXPECT_EQ(status.row_counts().at("customers"), 0);
  EXPECT_FALSE(status.store_id().empty());
}

TEST_F(ProductsTest, RowsAndCountsAreThereAfterARestart) {
  CreateCap();
  catalog_.server().Restart();
  EXPECT_EQ(Stored(1).product_name(), "Cap");
  EXPECT_EQ(catalog_.Head(), 1);
  CreateCap();
  EXPECT_EQ(Stored(2).revision(), 2);
}

}  // namespace
}  // namespace clustr::catalog
