#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::Customers;
using ::testing::ElementsAre;
using testing::Fails;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::Products;
using testing::RefusesFields;
using testing::Timeframes;
using testing::ViolatedFields;
using Fields = std::vector<std::string>;

class FiltersTest : public ::testing::Test {
 protected:
  FiltersTest() {
    EXPECT_THAT(catalog_.Send(
                    &Products::ImportProducts,
                    {"products { product_sku: 1 product_name: 'Tee' category: 'Shirts' brand: "
                     "'Nike' price: 19.99 in_stock: true }"
                     "products { product_sku: 2 product_name: 'Shoe' category: 'Shoes' brand: "
                     "'Nike' price: 89.5 in_stock: false external_id: 'S-2' }"
                     "products { product_sku: 3 product_name: 'Boot' category: 'Shoes' price: 50 }"
                     "products { product_sku: 4 product_name: 'Cap' brand: 'Puma' price: 9 }"}),
                IsOk());
  }

  absl::StatusOr<v1::ListProductsResponse> List(const std::string& request) {
    return catalog_.Ask(&Products::ListProducts, request);
  }

  std::vector<int64_t> Ids(const std::string& request) {
    const auto page = List(request);
    EXPECT_THAT(page, IsOk());
    std::vector<int64_t> ids;
    if (!page.ok()) return ids;
    for (const v1::Product& product : page->products()) ids.push_back(product.product_sku());
    return ids;
  }

  testing::CatalogServer catalog_;
};

TEST_F(FiltersTest, AListHoldsWhatMatches) {
  EXPECT_THAT(Ids("filter: 'category = \"Shoes\" AND price < 50'"), IsEmpty());
  EXPECT_THAT(Ids("filter: 'category = \"Shoes\" AND price <= 50'"), ElementsAre(3));
  EXPECT_THAT(Ids("filter: 'external_id = \"S-2\"'"), ElementsAre(2));
  EXPECT_THAT(Ids("filter: 'NOT in_stock = false'"), ElementsAre(1, 3, 4));
  EXPECT_THAT(Ids("filter: '-brand:*'"), ElementsAre(3));
  EXPECT_THAT(Ids("filter: ' '"), ElementsAre(1, 2, 3, 4));
  const auto timeframe =
      catalog_.Ask(&Timeframes::CreateTimeframe, "timeframe { date: '2024-11-05' }");
  ASSERT_THAT(timeframe, IsOk());
  EXPECT_EQ(catalog_
                .Ask(&Timeframes::ListTimeframes,
                     "filter: 'date >= \"2024-11-01\" AND month = 11' order_by: 'date desc'")
                ->total_size(),
            1);
  EXPECT_EQ(catalog_
                .Ask(&Customers::ListCustomers,
                     "filter: 'customer_segment = \"High Value\" AND age >= 30'")
                ->total_size(),
            0);
}

TEST_F(FiltersTest, AListIsInItsOrder) {
  EXPECT_THAT(Ids("order_by: 'price desc'"), ElementsAre(2, 3, 1, 4));
  EXPECT_THAT(Ids("order_by: 'brand, price desc'"), ElementsAre(3, 2, 1, 4));
  EXPECT_THAT(Ids("order_by: 'brand desc, product_sku desc'"), ElementsAre(4, 2, 1, 3));
}

TEST_F(FiltersTest, PagesOfAFilterRepeatItsTotal) {
  std::string token;
  std::vector<int64_t> met;
  for (int page = 0; page < 3; ++page) {
    const auto answer = List(absl::StrCat(
        "page_size: 1 filter: 'price > 10' order_by: 'category, price' page_token: '", token, "'"));
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(answer->total_size(), 3);
    ASSERT_EQ(answer->products_size(), 1);
    met.push_back(answer->products(0).product_sku());
    token = answer->next_page_token();
    if (page == 0) {
      // The row that the token names is removed, and a row is added before it.
      EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 1"), IsOk());
      EXPECT_THAT(catalog_.Ask(&Products::CreateProduct,
                               "product { product_name: 'A' category: 'A' price: 11 }"),
                  IsOk());
    }
  }
  EXPECT_THAT(met, ElementsAre(1, 3, 2));
  EXPECT_EQ(token, "");
}

TEST_F(FiltersTest, ATokenBelongsToItsFilterAndOrder) {
  const std::string token =
      List("page_size: 1 filter: 'price > 1' order_by: 'price'")->next_page_token();
  const auto with = [&](const std::string& rest) {
    return List(absl::StrCat("page_token: '", token, "' ", rest));
  };
  EXPECT_THAT(with("filter: 'price > 1' order_by: 'price'"), IsOk());
  for (const char* other :
       {"", "filter: 'price > 1'", "order_by: 'price'",
        "filter: 'price > 1' order_by: 'price desc'", "filter: 'price > 2' order_by: 'price'"}) {
    EXPECT_THAT(with(other),
                Fails(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID", "page_token"));
  }
}

TEST_F(FiltersTest, AWrongFilterIsRefusedWithItsPosition) {
  EXPECT_THAT(List("filter: 'price < 5 AND colour = red'"),
              Fails(absl::StatusCode::kInvalidArgument, "FILTER_INVALID",
                    "filter: position 15: \"colour\" is not a field of product; give one of "));
  EXPECT_THAT(List("order_by: 'colour'"), RefusesFields(Fields{"order_by"}));
  const auto both = List("page_size: -1 filter: 'x' order_by: 'y'");
  EXPECT_THAT(both, Fails(absl::StatusCode::kInvalidArgument, "FIELD_INVALID", "position 1"));
  EXPECT_THAT(ViolatedFields(both.status()), ElementsAre("page_size", "order_by", "filter"));
  EXPECT_THAT(List(absl::StrCat("filter: 'brand = \"", std::string(4096, 'x'), "\"'")),
              RefusesFields(Fields{"filter"}));
}

TEST_F(FiltersTest, AnExportIsFiltered) {
  const auto ids = [&](const std::string& request) {
    const auto batches = catalog_.Receive(&Products::ExportProducts, request);
    EXPECT_THAT(batches, IsOk());
    std::vector<int64_t> all;
    for (const auto& batch : *batches) {
      for (const v1::Product& product : batch.products()) all.push_back(product.product_sku());
    }
    return all;
  };
  EXPECT_THAT(ids("filter: 'category = Shoes'"), ElementsAre(2, 3));
  EXPECT_THAT(ids("filter: 'category = Shoes' after_product_sku: 2"), ElementsAre(3));
  EXPECT_THAT(catalog_.Receive(&Products::ExportProducts, "filter: 'category'"),
              Fails(absl::StatusCode::kInvalidArgument, "FILTER_INVALID", "position 9"));
}

TEST_F(FiltersTest, AnExternalIdIsTakenOnce) {
  const auto taken = Fails(absl::StatusCode::kAlreadyExists, "EXTERNAL_ID_EXISTS",
                           "product.external_id: \"S-2\" is already taken by product 2");
  EXPECT_THAT(catalog_.Ask(&Products::CreateProduct,
                           "product { product_name: 'X' price: 1 external_id: 'S-2' }"),
              taken);
  EXPECT_THAT(
      catalog_.Ask(&Products::UpdateProduct, "product { product_sku: 1 external_id: 'S-2' }"),
      taken);
  const auto imported =
      catalog_.Send(&Products::ImportProducts,
                    {"products { product_sku: 8 product_name: 'X' price: 1 external_id: 'S-2' } "
                     "products { product_sku: 9 product_name: 'Y' price: 1 external_id: 'S-9' } "
                     "products { product_sku: 10 product_name: 'Z' price: 1 external_id: 'S-9' }"});
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->summary().created_count(), 1);
  ASSERT_EQ(imported->summary().errors_size(), 2);
  EXPECT_EQ(imported->summary().errors(0).violations(0).field(), "external_id");
  EXPECT_EQ(imported->summary().errors(0).violations(0).reason(), "EXTERNAL_ID_EXISTS");
  EXPECT_EQ(imported->summary().errors(1).row(), 3);
  EXPECT_THAT(catalog_.Ask(&Products::UpdateProduct,
                           "product { product_sku: 2 } update_mask { paths: 'external_id' }"),
              IsOk());
  EXPECT_THAT(
      catalog_.Ask(&Products::UpdateProduct, "product { product_sku: 1 external_id: 'S-2' }"),
      IsOk());
}

}  // namespace
}  // namespace clustr::catalog
