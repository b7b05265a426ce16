#include "google/protobuf/text_format.h"
#include "tests/services/sales/shop.h"

namespace clustr::sales {
namespace {

using testing::EqualsMessage;
using testing::EqualsText;
using testing::Fails;
using testing::IsOk;
using testing::RefusesFields;
using testing::Sales;
using testing::Transactions;

class TransactionTest : public ShopTest {
 protected:
  auto Create(const std::string& header) {
    return sales_.Ask(&Transactions::CreateTransaction, "transaction { " + header + " }");
  }
  auto Update(const std::string& header, const std::string& options = "") {
    return sales_.Ask(&Transactions::UpdateTransaction,
                      "transaction { " + header + " } " + options);
  }
};

TEST_F(TransactionTest, AHeaderWithoutLinesAmountsToNothing) {
  const auto created = Create("customer_id: 1 purchase_date: '2024-01-01'");
  ASSERT_THAT(created, IsOk());
  EXPECT_THAT(created->transaction(),
              EqualsText("transaction_id: 1 customer_id: 1 time_id: 1 transaction_amount: 0 "
                         "purchase_date: '2024-01-01' amount_follows_lines: true revision: 1"));
  EXPECT_EQ(Create("customer_id: 1 time_id: 1 transaction_amount: 9.5")
                ->transaction()
                .transaction_amount(),
            9.5);
}

TEST_F(TransactionTest, TheAmountIsThatOfTheLinesUnlessGiven) {
  const auto bought = Buy("sales { product_sku: 1 quantity: 2 }");
  EXPECT_EQ(bought.transaction().transaction_amount(), 10);
  EXPECT_TRUE(bought.transaction().amount_follows_lines());
  const auto given = Update("transaction_id: 1 transaction_amount: 1.11");
  EXPECT_EQ(given->transaction().lines_total(), 10);
  EXPECT_FALSE(given->transaction().amount_follows_lines());
  EXPECT_FALSE(Update("transaction_id: 1 channel: 'Store'")->transaction().amount_follows_lines());
  const auto cleared =
      Update("transaction_id: 1", "update_mask { paths: 'transaction_amount' paths: 'channel' }");
  ASSERT_THAT(cleared, IsOk());
  EXPECT_EQ(cleared->transaction().transaction_amount(), 10);
  EXPECT_TRUE(cleared->transaction().amount_follows_lines());
}

// An amount that the server filled once stayed as it was when lines were corrected, so the mean of
// the summary disagreed with its revenue.
TEST_F(TransactionTest, AnAmountThatNobodyGaveFollowsItsLines) {
  Buy("sales { product_sku: 1 quantity: 2 }");
  const auto amount = [&] { return Stored(1).transaction().transaction_amount(); };
  ASSERT_THAT(sales_.Ask(&Sales::UpdateSale, "sale { sale_id: 1 quantity: 3 }"), IsOk());
  EXPECT_EQ(amount(), 15);
  ASSERT_THAT(
      sales_.Ask(&Sales::CreateSale, "sale { transaction_id: 1 product_sku: 2 quantity: 1 }"),
      IsOk());
  EXPECT_EQ(amount(), 17.5);
  ASSERT_THAT(sales_.Ask(&Sales::ReturnSale, "sale_id: 1 quantity: 1"), IsOk());
  EXPECT_EQ(amount(), 17.5) << "what was agreed, before returns";
  ASSERT_THAT(sales_.Ask(&Sales::DeleteSale, "sale_id: 1"), IsOk());
  EXPECT_EQ(amount(), 2.5);
}

TEST_F(TransactionTest, AGivenAmountStaysWhateverBecomesOfTheLines) {
  ASSERT_THAT(Create("customer_id: 1 time_id: 1 transaction_amount: 9.5"), IsOk());
  ASSERT_THAT(
      sales_.Ask(&Sales::CreateSale, "sale { transaction_id: 1 product_sku: 2 quantity: 1 }"),
      IsOk());
  EXPECT_EQ(Stored(1).transaction().transaction_amount(), 9.5);
}

// Headers are imported before their lines.
TEST_F(TransactionTest, AnImportedHeaderWithoutAnAmountGetsThatOfItsLines) {
  v1::ImportTransactionsRequest headers;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "transactions { transaction_id: 7 customer_id: 1 time_id: 1 }", &headers));
  ASSERT_THAT(sales_.SendAll(&Transactions::ImportTransactions, std::vector{headers}), IsOk());
  v1::ImportSalesRequest lines;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "sales { sale_id: 1 transaction_id: 7 product_sku: 1 quantity: 2 }"
      "sales { sale_id: 2 transaction_id: 7 product_sku: 2 quantity: 1 }",
      &lines));
  ASSERT_THAT(sales_.SendAll(&Sales::ImportSales, std::vector{lines}), IsOk());
  EXPECT_EQ(Stored(7).transaction().transaction_amount(), 12.5);
  const auto again = sales_.SendAll(&Transactions::ImportTransactions, std::vector{headers});
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->summary().unchanged_count(), 1);
}

TEST_F(TransactionTest, DateAndTimeframeBringEachOtherAlong) {
  ASSERT_THAT(
      catalog_.Ask(&testing::Timeframes::CreateTimeframe, "timeframe { date: '2024-01-02' }"),
      IsOk());
  Buy("sales { product_sku: 1 quantity: 1 }");
  EXPECT_EQ(Update("transaction_id: 1 time_id: 2")->transaction().purchase_date(), "2024-01-02");
  EXPECT_EQ(Update("transaction_id: 1 purchase_date: '2024-01-01'")->transaction().time_id(), 1);
}

TEST_F(TransactionTest, DateAndTimeframeMustAgree) {
  EXPECT_THAT(Create("customer_id: 1 time_id: 1 purchase_date: '2024-01-02'"),
              RefusesFields(Fields{"transaction.purchase_date"}));
  EXPECT_THAT(Create("customer_id: 1 time_id: 1 purchase_date: '2024-01-01'"), IsOk());
  EXPECT_THAT(Update("transaction_id: 1 time_id: 1 purchase_date: '2024-01-02'"),
              RefusesFields(Fields{"transaction.purchase_date"}));
}

TEST_F(TransactionTest, AHeaderKeepsADayThatCatalogDeleted) {
  const auto bought = Buy("sales { product_sku: 1 quantity: 1 }");
  ASSERT_THAT(catalog_.Ask(&testing::Timeframes::DeleteTimeframe, "time_id: 1"), IsOk());
  EXPECT_THAT(Update("transaction_id: 1 customer_id: 9"),
              Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING", "customer 9"));
  const auto updated = Update("transaction_id: 1 channel: 'Store'");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->transaction().purchase_date(), "2024-01-01");
  EXPECT_EQ(updated->transaction().time_id(), 1);
}

TEST_F(TransactionTest, ValidateOnlyShowsTheUpdateAndStoresNothing) {
  Buy("sales { product_sku: 1 quantity: 1 }");
  const auto before = Stored(1);
  const auto shown = Update("transaction_id: 1 purchase_date: '2024-01-09'", "validate_only: true");
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(shown->transaction().purchase_date(), "2024-01-09");
  EXPECT_THAT(Stored(1), EqualsMessage(before));
  EXPECT_THAT(CatalogDates(), ::testing::ElementsAre("2024-01-01"));
}

TEST_F(TransactionTest, ADateThatTheMaskLeavesOutCreatesNoTimeframe) {
  Buy("sales { product_sku: 1 quantity: 1 }");
  EXPECT_THAT(Update("transaction_id: 1 purchase_date: '2024-01-09' channel: 'Store'",
                     "update_mask { paths: 'channel' }"),
              IsOk());
  EXPECT_THAT(CatalogDates(), ::testing::ElementsAre("2024-01-01"));
}

TEST_F(TransactionTest, LinesAreRemovedWithTheirHeader) {
  Buy("sales { product_sku: 1 quantity: 1 } sales { product_sku: 2 quantity: 1 }");
  Buy("sales { product_sku: 2 quantity: 1 }");
  const auto deleted = sales_.Ask(&Transactions::DeleteTransaction, "transaction_id: 1");
  ASSERT_THAT(deleted, IsOk());
  EXPECT_THAT(sales_.Ask(&Transactions::GetTransaction, "transaction_id: 1"),
              Fails(absl::StatusCode::kNotFound, "TRANSACTION_NOT_FOUND", "no transaction 1"));
  ops::v1::GetStatusResponse status;
  sales_.server().program().AddStatus(&status);
  EXPECT_EQ(status.row_counts().at("transactions"), 1);
  EXPECT_EQ(status.row_counts().at("sales"), 1);
  const auto line = sales_.Ask(&Sales::DeleteSale, "sale_id: 2 allow_missing: true");
  ASSERT_THAT(line, IsOk());
  EXPECT_EQ(line->revision(), deleted->revision());
  EXPECT_EQ(Stored(2).sales_size(), 1);
}

}  // namespace
}  // namespace clustr::sales
