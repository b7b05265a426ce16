#include "tools/clustrctl/flat/columns/columns.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Header = std::vector<std::string>;

absl::StatusOr<FlatColumns> Bind(const Header& header, const std::string& names = "") {
  if (names.empty()) return FlatColumns::Bind(header, {});
  ColumnNames parsed;
  const absl::Status status = ParseColumnNames(names, &parsed);
  EXPECT_TRUE(status.ok()) << status;
  return FlatColumns::Bind(header, parsed);
}

std::string RefusalOf(const Header& header, const std::string& names = "") {
  const absl::Status status = Bind(header, names).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  return std::string(status.message());
}

std::string FlagRefusal(std::string_view text) {
  ColumnNames names;
  const absl::Status status = ParseColumnNames(text, &names);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

const Header kOwn = {"order", "product", "quantity", "price", "date"};

TEST(FlatColumnsTest, UnderstandsUciOnlineRetail) {
  const auto one = Bind({"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate",
                         "UnitPrice", "CustomerID", "Country"});
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->preset(), "UCI Online Retail");
  EXPECT_TRUE(one->ignored().empty());
  const std::vector<std::string_view> cells = {"536365",         "85123A", "HOLDER ", "6",
                                               "12/1/2010 8:26", "2.55",   " 17850",  "  "};
  EXPECT_EQ(one->Cell(cells, Role::kOrder), "536365");
  EXPECT_EQ(one->Cell(cells, Role::kDescription), "HOLDER ");
  EXPECT_EQ(one->Cell(cells, Role::kBrand), "");
  EXPECT_EQ(one->Cell({"536365"}, Role::kProduct), "") << "a short row";
  EXPECT_TRUE(Bind({"Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price",
                    "Customer ID", "Country"})
                  .ok());
}

TEST(FlatColumnsTest, NamesAreComparedWithoutCaseAndSpacesInAnyOrder) {
  const auto columns = Bind({"Price", "DATE ", "Order", "note", "Product", "Quantity"});
  ASSERT_TRUE(columns.ok()) << columns.status();
  EXPECT_EQ(columns->preset(), "");
  EXPECT_FALSE(columns->Has(Role::kCustomer));
  EXPECT_EQ(columns->Name(Role::kDate), "DATE ");
  EXPECT_EQ(columns->Name(Role::kCustomer), "customer");
  EXPECT_THAT(columns->ignored(), ElementsAre(3));
}

TEST(FlatColumnsTest, ANamedColumnTakesThePlaceOfTheUsualOne) {
  const auto columns = Bind({"order", "Lineitem sku", "product", "quantity", "price", "date"},
                            "product=lineitem SKU, description = product");
  ASSERT_TRUE(columns.ok()) << columns.status();
  const std::vector<std::string_view> cells = {"1", "2", "3", "4", "5", "6"};
  EXPECT_EQ(columns->Cell(cells, Role::kProduct), "2");
  EXPECT_EQ(columns->Cell(cells, Role::kDescription), "3");
}

TEST(FlatColumnsTest, AFileWithoutARequiredColumnIsRefused) {
  EXPECT_EQ(
      RefusalOf({"InvoiceNo", "StockCode", "Quantity", "When", "UnitPrice"}),
      "no column is called InvoiceDate or date; choose the date with --columns=date=NAME from "
      "InvoiceNo, StockCode, Quantity, When, UnitPrice; if there is none, give the day of all rows "
      "with --day=YYYY-MM-DD");
}

TEST(FlatColumnsTest, ANamedColumnThatIsNotThereIsRefused) {
  EXPECT_EQ(RefusalOf(kOwn, "customer=Client"),
            "there is no column \"Client\" for the customer; name one of order, product, "
            "quantity, price, date");
}

TEST(FlatColumnsTest, TwoColumnsForOneRoleAreRefused) {
  EXPECT_EQ(RefusalOf({"order", "product", "quantity", "price", "date", "Price"}),
            "the columns \"price\" and \"Price\" all fit the role price; rename all but one, or "
            "choose with --columns=price=NAME");
  EXPECT_THAT(RefusalOf({"order", "product", "quantity", "price", "date", "UnitPrice"}),
              HasSubstr("\"price\" and \"UnitPrice\""));
}

TEST(FlatColumnsTest, OneColumnForTwoRolesIsRefused) {
  EXPECT_EQ(RefusalOf(kOwn, "customer=order"),
            "the column \"order\" is given for order and for customer; give one of them another "
            "column");
}

TEST(FlatColumnsTest, TheFlagNamesRolesOnceEachWithAColumn) {
  EXPECT_THAT(FlagRefusal("sku=Code"),
              HasSubstr("\"sku\" is not a role; give role=column pairs with the roles order, "
                        "product, quantity, price, date, description, customer, city, category, "
                        "brand, channel, payment_type, total"));
  EXPECT_THAT(FlagRefusal(""), HasSubstr("\"\" is not a role"));
  EXPECT_EQ(FlagRefusal("order"), "the column of order is missing; give order=NAME");
  EXPECT_EQ(FlagRefusal("order=A,order=B"), "order is given twice; give it once");
}

}  // namespace
}  // namespace clustr::ctl
