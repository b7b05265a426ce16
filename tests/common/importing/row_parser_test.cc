#include "common/importing/row_parser.h"

#include "clustr/catalog/v1/customer.pb.h"
#include "clustr/catalog/v1/product.pb.h"
#include "clustr/sales/v1/sale.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::importing {
namespace {

using catalog::v1::Customer;
using catalog::v1::Product;
using sales::v1::Sale;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<CsvColumns> BindProduct(const std::vector<std::string>& header) {
  return CsvColumns::Bind(*Product::descriptor(), header);
}

std::string RefusalOf(const std::vector<std::string>& header) {
  const absl::Status status = BindProduct(header).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

std::string ViolationOf(const std::vector<std::string_view>& cells) {
  const auto columns =
      BindProduct({"product_sku", "product_name", "price", "in_stock", "category"});
  Product product;
  common::v1::RowError error;
  EXPECT_FALSE(columns->Parse(cells, &product, &error));
  EXPECT_GE(error.violations_size(), 1);
  return error.violations(0).field() + ": " + error.violations(0).description();
}

TEST(CsvColumnsTest, FindsColumnsByNameInAnyOrder) {
  const auto columns = BindProduct({"price", "in_stock", "product_sku", "product_name"});
  ASSERT_TRUE(columns.ok()) << columns.status();
  EXPECT_THAT(columns->MaskPaths(), ElementsAre("price", "in_stock", "product_name"));
  Product product;
  common::v1::RowError error;
  const std::vector<std::string_view> cells = {"12.5", "false", "7", "Tée"};
  ASSERT_TRUE(columns->Parse(cells, &product, &error)) << error.DebugString();
  EXPECT_EQ(product.product_sku(), 7);
  EXPECT_EQ(product.product_name(), "Tée");
  EXPECT_EQ(product.price(), 12.5);
  EXPECT_TRUE(product.has_in_stock());
  EXPECT_FALSE(product.in_stock());
}

TEST(CsvColumnsTest, RefusesAnUnknownColumnAndListsTheAllowed) {
  EXPECT_EQ(RefusalOf({"product_sku", "product_name", "prize"}),
            "column \"prize\" is unknown; allowed are product_sku (required), product_name "
            "(required), category, brand, price (required), in_stock, unit_cost, external_id");
}

TEST(CsvColumnsTest, RefusesAnOutputColumn) {
  EXPECT_THAT(RefusalOf({"product_sku", "product_name", "price", "revision"}),
              HasSubstr("\"revision\" is unknown"));
}

TEST(CsvColumnsTest, RefusesARepeatedColumn) {
  EXPECT_THAT(RefusalOf({"product_sku", "product_name", "price", "price"}),
              HasSubstr("\"price\" appears twice"));
}

TEST(CsvColumnsTest, RefusesAMissingRequiredColumnAndId) {
  EXPECT_THAT(RefusalOf({"product_sku", "product_name"}), HasSubstr("\"price\" is missing"));
  EXPECT_THAT(RefusalOf({"product_name", "price"}), HasSubstr("\"product_sku\" is missing"));
}

TEST(CsvColumnsTest, TheKeyOfAReferenceMayReplaceItsId) {
  const auto columns = CsvColumns::Bind(
      *Sale::descriptor(), std::vector<std::string>{"external_id", "transaction_external_id",
                                                    "product_external_id", "quantity"});
  ASSERT_TRUE(columns.ok()) << columns.status();
  Sale sale;
  common::v1::RowError error;
  const std::vector<std::string_view> cells = {"A-1/1", "A-1", "1001", "2"};
  ASSERT_TRUE(columns->Parse(cells, &sale, &error)) << error.DebugString();
  EXPECT_EQ(sale.transaction_external_id(), "A-1");
  EXPECT_EQ(sale.product_external_id(), "1001");
  const auto without =
      CsvColumns::Bind(*Sale::descriptor(),
                       std::vector<std::string>{"external_id", "product_external_id", "quantity"});
  EXPECT_THAT(std::string(without.status().message()), HasSubstr("\"transaction_id\" is missing"));
}

TEST(CsvColumnsTest, AUniqueTextMayReplaceTheId) {
  const auto columns = BindProduct({"external_id", "product_name", "price"});
  ASSERT_TRUE(columns.ok()) << columns.status();
  EXPECT_THAT(columns->MaskPaths(), ElementsAre("external_id", "product_name", "price"));
}

TEST(CsvColumnsTest, LeavesEmptyCellsUnset) {
  const auto columns =
      BindProduct({"product_sku", "product_name", "price", "category", "in_stock"});
  Product product;
  common::v1::RowError error;
  ASSERT_TRUE(columns->Parse(std::vector<std::string_view>{"7", "", "", "", ""}, &product, &error));
  EXPECT_FALSE(product.has_price());
  EXPECT_FALSE(product.has_in_stock());
}

TEST(CsvColumnsTest, TakesAQuotedEmptyCellForTheEmptyText) {
  const auto columns = BindProduct({"product_sku", "product_name", "price", "category", "brand"});
  Product product;
  common::v1::RowError error;
  const std::vector<std::string_view> cells = {"7", "Tee", std::string_view("", 0),
                                               std::string_view("", 0), std::string_view()};
  ASSERT_TRUE(columns->Parse(cells, &product, &error));
  EXPECT_FALSE(product.has_price());
  EXPECT_TRUE(product.has_category());
  EXPECT_FALSE(product.has_brand());
}

TEST(CsvColumnsTest, NamesFieldValueAndRemedy) {
  EXPECT_EQ(ViolationOf({"7", "Tee", "abc", "1", ""}),
            "price: \"abc\" is not a number; give for example 12.50");
  EXPECT_EQ(ViolationOf({"7", "Tee", "nan", "1", ""}),
            "price: \"nan\" is not a number; give for example 12.50");
  EXPECT_EQ(ViolationOf({"7", "Tee", "1 ", "1", ""}),
            "price: \"1 \" is not a number; give for example 12.50");
  EXPECT_EQ(ViolationOf({"7.5", "Tee", "1", "1", ""}),
            "product_sku: \"7.5\" is not a whole number; give for example 42");
  EXPECT_EQ(ViolationOf({"9223372036854775808", "Tee", "1", "1", ""}),
            "product_sku: \"9223372036854775808\" is out of range; give at most 9007199254740991");
  EXPECT_EQ(ViolationOf({"7", "Tee", "1", "yes", ""}),
            "in_stock: \"yes\" is neither true nor false; give true, false, 1 or 0");
  EXPECT_EQ(ViolationOf({"7", "T\xFF", "1", "1", ""}),
            "product_name: is not UTF-8; save the file in that encoding");
}

TEST(CsvColumnsTest, ReportsEveryBadCellOfARow) {
  const std::vector<std::string> header = {"customer_id", "first_name", "last_name", "age"};
  const auto columns = CsvColumns::Bind(*Customer::descriptor(), header);
  Customer customer;
  common::v1::RowError error;
  EXPECT_FALSE(
      columns->Parse(std::vector<std::string_view>{"x", "Ann", "Lee", "old"}, &customer, &error));
  EXPECT_EQ(error.violations_size(), 2);
}

}  // namespace
}  // namespace clustr::importing
