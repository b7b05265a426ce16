#ifndef CLUSTR_TESTS_SERVICES_SALES_SHOP_H_
#define CLUSTR_TESTS_SERVICES_SALES_SHOP_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/catalog_server.h"
#include "tests/testing/sales_server.h"

namespace clustr::sales {

using Fields = std::vector<std::string>;

// A real sales service that follows a real catalog, both in this process. Catalog has customer 1,
// product 1 (Cap, 5.00), product 2 (Hat, 2.50) and timeframe 1 (2024-01-01).
class ShopTest : public ::testing::Test {
 protected:
  ShopTest();

  // Creates a product in catalog and returns its product_sku.
  int64_t AddProduct(double price);
  // Dates of the timeframes that catalog has, in order.
  std::vector<std::string> CatalogDates();

  absl::StatusOr<v1::RecordPurchaseResponse> Record(const std::string& request) {
    return sales_.Ask(&testing::Transactions::RecordPurchase, request);
  }
  // Records a purchase of customer 1 on 2024-01-01 with these lines; a refusal fails the test.
  v1::RecordPurchaseResponse Buy(const std::string& lines);

  // The stored header and lines; a miss fails the test.
  v1::GetTransactionResponse Stored(int64_t transaction_id);
  // Number of stored transactions.
  int64_t TransactionCount();

  testing::CatalogServer catalog_;
  testing::SalesServer sales_{catalog_.server().address()};
};

}  // namespace clustr::sales

#endif  // CLUSTR_TESTS_SERVICES_SALES_SHOP_H_
