#include "tests/services/sales/shop.h"

#include "absl/strings/str_cat.h"

namespace clustr::sales {

using testing::Customers;
using testing::IsOk;
using testing::Products;
using testing::Timeframes;
using testing::Transactions;

ShopTest::ShopTest() {
  EXPECT_THAT(catalog_.Ask(&Customers::CreateCustomer,
                           "customer { first_name: 'Ada' last_name: 'Lovelace' }"),
              IsOk());
  EXPECT_EQ(AddProduct(5), 1);
  EXPECT_EQ(AddProduct(2.5), 2);
  EXPECT_THAT(catalog_.Ask(&Timeframes::CreateTimeframe, "timeframe { date: '2024-01-01' }"),
              IsOk());
}

int64_t ShopTest::AddProduct(double price) {
  const auto created = catalog_.Ask(
      &Products::CreateProduct, absl::StrCat("product { product_name: 'Cap' price: ", price, " }"));
  EXPECT_THAT(created, IsOk());
  return created.ok() ? created->product().product_sku() : 0;
}

std::vector<std::string> ShopTest::CatalogDates() {
  const auto listed = catalog_.Ask(&Timeframes::ListTimeframes, "order_by: 'date'");
  EXPECT_THAT(listed, IsOk());
  std::vector<std::string> dates;
  for (const auto& timeframe : listed->timeframes()) dates.push_back(timeframe.date());
  return dates;
}

v1::RecordPurchaseResponse ShopTest::Buy(const std::string& lines) {
  const auto recorded =
      Record("transaction { customer_id: 1 purchase_date: '2024-01-01' } " + lines);
  EXPECT_THAT(recorded, IsOk());
  return recorded.value_or(v1::RecordPurchaseResponse());
}

v1::GetTransactionResponse ShopTest::Stored(int64_t transaction_id) {
  const auto got =
      sales_.Ask(&Transactions::GetTransaction,
                 absl::StrCat("transaction_id: ", transaction_id, " include_sales: true"));
  EXPECT_THAT(got, IsOk());
  return got.value_or(v1::GetTransactionResponse());
}

int64_t ShopTest::TransactionCount() {
  ops::v1::GetStatusResponse status;
  sales_.server().program().AddStatus(&status);
  return status.row_counts().at("transactions");
}

}  // namespace clustr::sales
