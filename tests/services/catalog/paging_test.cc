#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"

namespace clustr::catalog {
namespace {

using testing::Customers;
using ::testing::ElementsAre;
using testing::Fails;
using testing::IsOk;
using testing::Products;
using testing::RefusesFields;
using testing::Timeframes;
using Fields = std::vector<std::string>;

class PagingTest : public ::testing::Test {
 protected:
  // Imports products with these ids.
  void Import(int64_t from, int64_t to, int64_t step = 1) {
    std::vector<v1::ImportProductsRequest> requests(1);
    for (int64_t sku = from; sku <= to; sku += step) {
      if (requests.back().products_size() == 1000) requests.emplace_back();
      v1::Product* product = requests.back().add_products();
      product->set_product_sku(sku);
      product->set_product_name("Cap");
      product->set_price(1);
    }
    ASSERT_THAT(catalog_.SendAll(&Products::ImportProducts, requests), IsOk());
  }

  v1::ListProductsResponse List(int size, const std::string& token = "") {
    const auto page = catalog_.Ask(&Products::ListProducts, "page_size: " + std::to_string(size) +
                                                                " page_token: '" + token + "'");
    EXPECT_THAT(page, IsOk());
    return page.ok() ? *page : v1::ListProductsResponse();
  }

  static std::vector<int64_t> Ids(const v1::ListProductsResponse& page) {
    std::vector<int64_t> ids;
    for (const v1::Product& product : page.products()) ids.push_back(product.product_sku());
    return ids;
  }

  testing::CatalogServer catalog_;
};

TEST_F(PagingTest, AnEmptyTableIsOneEmptyPage) {
  const auto page = List(10);
  EXPECT_EQ(page.products_size(), 0);
  EXPECT_EQ(page.next_page_token(), "");
  EXPECT_EQ(page.total_size(), 0);
}

TEST_F(PagingTest, PagesMeetEveryRowOnce) {
  Import(1, 7);
  const auto first = List(3);
  EXPECT_THAT(Ids(first), ElementsAre(1, 2, 3));
  const auto second = List(3, first.next_page_token());
  EXPECT_THAT(Ids(second), ElementsAre(4, 5, 6));
  const auto third = List(3, second.next_page_token());
  EXPECT_THAT(Ids(third), ElementsAre(7));
  EXPECT_EQ(third.next_page_token(), "");
  EXPECT_EQ(third.total_size(), 7);
}

TEST_F(PagingTest, AFullLastPageHasNoToken) {
  Import(1, 6);
  EXPECT_EQ(List(3, List(3).next_page_token()).next_page_token(), "");
}

TEST_F(PagingTest, RowsThatComeAndGoBetweenPagesNeitherRepeatNorHideOthers) {
  Import(10, 60, 10);
  const auto first = List(3);
  EXPECT_THAT(Ids(first), ElementsAre(10, 20, 30));
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 30"), IsOk());
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 10"), IsOk());
  EXPECT_THAT(catalog_.Ask(&Products::DeleteProduct, "product_sku: 50"), IsOk());
  Import(5, 5);
  Import(45, 45);
  const auto second = List(3, first.next_page_token());
  EXPECT_THAT(Ids(second), ElementsAre(40, 45, 60));
  EXPECT_EQ(second.total_size(), 6);
  EXPECT_EQ(List(1).total_size(), 5);
}

TEST_F(PagingTest, ThePageSizeMayChangeFromPageToPage) {
  Import(1, 7);
  EXPECT_THAT(Ids(List(5, List(2).next_page_token())), ElementsAre(3, 4, 5, 6, 7));
}

TEST_F(PagingTest, ZeroMeansFiftyAndMoreThanAThousandAThousand) {
  Import(1, 1100);
  EXPECT_EQ(List(0).products_size(), 50);
  EXPECT_EQ(List(1000).products_size(), 1000);
  EXPECT_EQ(List(2'000'000'000).products_size(), 1000);
  EXPECT_THAT(catalog_.Ask(&Products::ListProducts, "page_size: -1"),
              RefusesFields(Fields{"page_size"}));
}

TEST_F(PagingTest, ATokenOfAnotherMethodIsRefused) {
  Import(1, 3);
  const std::string request = "page_token: '" + List(1).next_page_token() + "'";
  const auto refused =
      Fails(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID", "page_token");
  EXPECT_THAT(catalog_.Ask(&Customers::ListCustomers, request), refused);
  EXPECT_THAT(catalog_.Ask(&Timeframes::ListTimeframes, request), refused);
  EXPECT_THAT(catalog_.Ask(&Products::ListProducts, "page_token: 'x'"), refused);
}

TEST_F(PagingTest, ATokenOutlivesARestart) {
  Import(1, 4);
  const auto first = List(2);
  catalog_.server().Restart();
  EXPECT_THAT(Ids(List(2, first.next_page_token())), ElementsAre(3, 4));
}

TEST_F(PagingTest, AnExportHasAllRowsInTheirOrderAndResumes) {
  Import(2, 5000, 2);
  const auto ids_after = [&](const std::string& request) {
    const auto batches = catalog_.Receive(&Products::ExportProducts, request);
    EXPECT_THAT(batches, IsOk());
    std::vector<int64_t> ids;
    for (const auto& batch : *batches) {
      EXPECT_LE(batch.products_size(), 1000);
      for (const v1::Product& product : batch.products()) ids.push_back(product.product_sku());
    }
    return ids;
  };
  const auto all = ids_after("");
  ASSERT_EQ(all.size(), 2500);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], 2 * (i + 1));
  EXPECT_EQ(ids_after("after_product_sku: 2000").size(), 1500);
  EXPECT_EQ(ids_after("after_product_sku: 2001").front(), 2002);
  EXPECT_TRUE(ids_after("after_product_sku: 5000").empty());
  EXPECT_THAT(catalog_.Receive(&Products::ExportProducts, "after_product_sku: -1"),
              RefusesFields(Fields{"after_product_sku"}));
}

}  // namespace
}  // namespace clustr::catalog
