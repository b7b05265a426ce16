#include "absl/strings/str_cat.h"
#include "tests/services/sales/shop.h"

namespace clustr::sales {
namespace {

using testing::EqualsMessage;
using testing::EqualsText;
using testing::Fails;
using testing::IsOk;
using testing::RefusesFields;

class PurchaseTest : public ShopTest {};

TEST_F(PurchaseTest, PricesTotalsAndDayAreFilled) {
  const auto recorded = Record(
      "transaction { customer_id: 1 time_id: 1 channel: 'Store' }"
      "sales { product_sku: 1 quantity: 3 } sales { product_sku: 2 quantity: 1 }");
  ASSERT_THAT(recorded, IsOk());
  EXPECT_THAT(
      *recorded,
      EqualsText("transaction { transaction_id: 1 customer_id: 1 time_id: 1 channel: 'Store'"
                 "  transaction_amount: 17.5 lines_total: 17.5 purchase_date: '2024-01-01'"
                 "  amount_follows_lines: true"
                 "  revision: 1 }"
                 "sales { sale_id: 1 transaction_id: 1 product_sku: 1 quantity: 3"
                 "  unit_price: 5 line_total: 15 net_total: 15 revision: 1 }"
                 "sales { sale_id: 2 transaction_id: 1 product_sku: 2 quantity: 1"
                 "  unit_price: 2.5 line_total: 2.5 net_total: 2.5 revision: 1 }"
                 "revision: 1"));
  const auto stored = Stored(1);
  EXPECT_THAT(stored.transaction(), EqualsMessage(recorded->transaction()));
  ASSERT_EQ(stored.sales_size(), 2);
  EXPECT_THAT(stored.sales(0), EqualsMessage(recorded->sales(0)));
  EXPECT_THAT(stored.sales(1), EqualsMessage(recorded->sales(1)));
}

TEST_F(PurchaseTest, GivenAmountsAreKept) {
  const auto recorded = Record(
      "transaction { customer_id: 1 time_id: 1 transaction_amount: 1.11 }"
      "sales { product_sku: 1 quantity: 2 unit_price: 0.99 line_total: 1.97 }");
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->transaction().transaction_amount(), 1.11);
  EXPECT_EQ(recorded->transaction().lines_total(), 1.97);
  EXPECT_EQ(recorded->sales(0).unit_price(), 0.99);
}

TEST_F(PurchaseTest, TheAmountOfOnePurchaseIsNotThatOfTheNext) {
  Buy("sales { product_sku: 1 quantity: 100 }");
  const auto created = sales_.Ask(&testing::Transactions::CreateTransaction,
                                  "transaction { customer_id: 1 time_id: 1 }");
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->transaction().lines_total(), 0);
  EXPECT_EQ(created->transaction().transaction_amount(), 0);
  EXPECT_EQ(Buy("sales { product_sku: 2 quantity: 1 }").transaction().transaction_amount(), 2.5);
}

TEST_F(PurchaseTest, NothingIsReturnedWhenItIsBought) {
  const auto recorded = Buy("sales { product_sku: 1 quantity: 2 returned_quantity: 1 }");
  EXPECT_EQ(recorded.sales(0).returned_quantity(), 0);
  EXPECT_EQ(recorded.sales(0).net_total(), 10);
}

TEST_F(PurchaseTest, ViolationsOfHeaderAndLinesAreReportedTogether) {
  EXPECT_THAT(Record("transaction { customer_id: 1 time_id: 1 purchase_date: '2024-01-02' }"
                     "sales { product_sku: 1 quantity: 1 unit_price: 1 line_total: 3 }"
                     "sales { product_sku: 1 quantity: 1 unit_price: 1 line_total: 1.01 }"
                     "sales { product_sku: 1 quantity: 1 unit_price: 1 line_total: 0.98 }"),
              RefusesFields(Fields{"sales[0].line_total", "sales[2].line_total",
                                   "transaction.purchase_date"}));
  EXPECT_EQ(TransactionCount(), 0);
  EXPECT_EQ(sales_.Head(), 0);
}

TEST_F(PurchaseTest, IdsAreAssignedByTheServer) {
  EXPECT_THAT(Record("transaction { transaction_id: 7 customer_id: 1 time_id: 1 }"
                     "sales { sale_id: 8 transaction_id: 7 product_sku: 1 quantity: 1 }"),
              RefusesFields(Fields{"transaction.transaction_id", "sales[0].sale_id",
                                   "sales[0].transaction_id"}));
}

TEST_F(PurchaseTest, RequiredFieldsAreReportedTogether) {
  EXPECT_THAT(Record("transaction {} sales {}"),
              RefusesFields(
                  Fields{"transaction.customer_id", "sales[0].product_sku", "sales[0].quantity"}));
  EXPECT_THAT(Record(""), RefusesFields(Fields{"transaction", "sales"}));
}

TEST_F(PurchaseTest, ADayIsRequired) {
  EXPECT_THAT(Record("transaction { customer_id: 1 } sales { product_sku: 1 quantity: 1 }"),
              RefusesFields(Fields{"transaction.purchase_date"}));
}

TEST_F(PurchaseTest, UnknownReferencesOfAllRowsAreReportedTogether) {
  const auto refused = Record(
      "transaction { customer_id: 7 time_id: 9 }"
      "sales { product_sku: 8 quantity: 1 } sales { product_sku: 1 quantity: 1 }");
  EXPECT_THAT(refused, Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING",
                             "catalog has no product 8; create it first"));
  EXPECT_THAT(testing::ViolatedFields(refused.status()),
              ::testing::ElementsAre("sales[0].product_sku", "transaction.customer_id",
                                     "transaction.time_id"));
  EXPECT_EQ(TransactionCount(), 0);
}

TEST_F(PurchaseTest, LinesThatAddUpTooHighNeedAnAmount) {
  std::string lines;
  for (int i = 0; i < 2; ++i) {
    absl::StrAppend(&lines, "sales { product_sku: 1 quantity: 1 unit_price: 6000000000 }");
  }
  EXPECT_THAT(Record("transaction { customer_id: 1 time_id: 1 } " + lines),
              RefusesFields(Fields{"transaction.transaction_amount"}));
}

TEST_F(PurchaseTest, ValidateOnlyAnswersAsIfRecordedAndStoresNothing) {
  const std::string request =
      "transaction { customer_id: 1 purchase_date: '2024-01-01' }"
      "sales { product_sku: 1 quantity: 1 } ";
  const auto checked = Record(request + "validate_only: true");
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(TransactionCount(), 0);
  EXPECT_EQ(sales_.Head(), 0);
  EXPECT_THAT(*Record(request), EqualsMessage(*checked));
}

}  // namespace
}  // namespace clustr::sales
