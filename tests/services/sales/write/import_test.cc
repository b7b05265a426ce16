#include "tests/services/sales/shop.h"

namespace clustr::sales {
namespace {

using testing::Fails;
using testing::IsOk;
using testing::Sales;
using testing::Transactions;

class ImportTest : public ShopTest {
 protected:
  auto ImportTransactions(const std::vector<std::string>& batches) {
    return sales_.Send(&Transactions::ImportTransactions, batches);
  }
  auto ImportSales(const std::vector<std::string>& batches) {
    return sales_.Send(&Sales::ImportSales, batches);
  }
};

TEST_F(ImportTest, RowsWithUnknownReferencesAreReportedAndSkipped) {
  const auto headers =
      ImportTransactions({"transactions { transaction_id: 1 customer_id: 1 time_id: 1 }"
                          "transactions { transaction_id: 2 customer_id: 9 time_id: 8 }"
                          "transactions { transaction_id: 3 customer_id: 1 time_id: 1 }"});
  ASSERT_THAT(headers, IsOk());
  EXPECT_EQ(headers->summary().created_count(), 2);
  ASSERT_EQ(headers->summary().errors_size(), 1);
  const auto& error = headers->summary().errors(0);
  EXPECT_EQ(error.row(), 2);
  ASSERT_EQ(error.violations_size(), 2);
  EXPECT_EQ(error.violations(0).field(), "customer_id");
  EXPECT_EQ(error.violations(0).reason(), "REFERENCE_MISSING");
  EXPECT_EQ(error.violations(1).field(), "time_id");
  const auto lines =
      ImportSales({"sales { sale_id: 1 transaction_id: 1 product_sku: 1 quantity: 2 }"
                   "sales { sale_id: 2 transaction_id: 1 product_sku: 7 quantity: 1 }"
                   "sales { sale_id: 3 transaction_id: 2 product_sku: 1 quantity: 1 }"});
  ASSERT_THAT(lines, IsOk());
  EXPECT_EQ(lines->summary().created_count(), 1);
  ASSERT_EQ(lines->summary().errors_size(), 2);
  EXPECT_EQ(lines->summary().errors(0).violations(0).field(), "product_sku");
  EXPECT_EQ(lines->summary().errors(1).violations(0).field(), "transaction_id");
}

TEST_F(ImportTest, HeadersFollowTheLinesOfEachBatch) {
  ASSERT_THAT(ImportTransactions({"transactions { transaction_id: 1 customer_id: 1 time_id: 1 }"
                                  "transactions { transaction_id: 2 customer_id: 1 time_id: 1 }"}),
              IsOk());
  ASSERT_THAT(ImportSales({"sales { sale_id: 1 transaction_id: 1 product_sku: 1 quantity: 2 }"
                           "sales { sale_id: 2 transaction_id: 2 product_sku: 1 quantity: 1 }",
                           "sales { sale_id: 3 transaction_id: 2 product_sku: 2 quantity: 1 }"}),
              IsOk());
  EXPECT_EQ(Stored(1).transaction().lines_total(), 10);
  EXPECT_EQ(Stored(1).transaction().revision(), 2);
  EXPECT_EQ(Stored(2).transaction().lines_total(), 7.5);
  EXPECT_EQ(Stored(2).transaction().revision(), 3);
}

TEST_F(ImportTest, TheSameStreamAgainChangesNothing) {
  const std::string headers = "transactions { transaction_id: 1 customer_id: 1 time_id: 1 }";
  const std::string lines = "sales { sale_id: 1 transaction_id: 1 product_sku: 1 quantity: 2 }";
  ASSERT_THAT(ImportTransactions({headers}), IsOk());
  ASSERT_THAT(ImportSales({lines}), IsOk());
  EXPECT_EQ(ImportTransactions({headers})->summary().unchanged_count(), 1);
  EXPECT_EQ(ImportSales({lines})->summary().unchanged_count(), 1);
  EXPECT_EQ(sales_.Head(), 2);
}

TEST_F(ImportTest, TimeframesAreCreatedForGoodRowsOnly) {
  Buy("sales { product_sku: 1 quantity: 1 }");
  const auto imported = ImportTransactions(
      {"transactions { transaction_id: 11 customer_id: 1 purchase_date: '2024-01-05' }"
       "transactions { transaction_id: 12 customer_id: 9 purchase_date: '2024-01-06' }"
       "transactions { transaction_id: 13 customer_id: 1 purchase_date: '2024-01-07'"
       "               transaction_amount: -1 }"
       "transactions { transaction_id: 1 purchase_date: '2024-01-08' }"});
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->summary().created_count(), 1);
  EXPECT_EQ(imported->summary().updated_count(), 1);
  EXPECT_THAT(CatalogDates(), ::testing::ElementsAre("2024-01-01", "2024-01-05", "2024-01-08"));
}

TEST_F(ImportTest, ValidateOnlyStoresNothingAndCreatesNoTimeframe) {
  const auto checked = ImportTransactions(
      {"transactions { transaction_id: 11 customer_id: 1 purchase_date: '2024-01-05' }"
       "validate_only: true",
       "transactions { transaction_id: 12 customer_id: 1 purchase_date: '2024-01-06' }"});
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->summary().created_count(), 2);
  EXPECT_EQ(TransactionCount(), 0);
  EXPECT_THAT(CatalogDates(), ::testing::ElementsAre("2024-01-01"));
}

TEST_F(ImportTest, ARowThatCatalogIsNeededForEndsTheImportWhileCatalogIsDown) {
  Buy("sales { product_sku: 1 quantity: 1 }");
  catalog_.server().Stop();
  EXPECT_THAT(ImportTransactions({"transactions { transaction_id: 11 customer_id: 1 time_id: 1 }",
                                  "transactions { transaction_id: 12 customer_id: 9 time_id: 1 }"}),
              Fails(absl::StatusCode::kUnavailable, "UPSTREAM", "customer 9; try again"));
  EXPECT_EQ(TransactionCount(), 2) << "the batch before stays";
  EXPECT_THAT(ImportSales({"sales { sale_id: 11 transaction_id: 1 product_sku: 9 quantity: 1 }"}),
              Fails(absl::StatusCode::kUnavailable, "UPSTREAM", "product 9; try again"));
}

TEST_F(ImportTest, ReturnedQuantitiesAreTaken) {
  Buy("sales { product_sku: 1 quantity: 2 }");
  ASSERT_THAT(ImportSales({"sales { sale_id: 1 returned_quantity: 1 }"}), IsOk());
  EXPECT_EQ(Stored(1).sales(0).net_total(), 5);
  const auto refused = ImportSales({"sales { sale_id: 1 returned_quantity: 3 }"});
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->summary().errors(0).violations(0).field(), "returned_quantity");
}

}  // namespace
}  // namespace clustr::sales
