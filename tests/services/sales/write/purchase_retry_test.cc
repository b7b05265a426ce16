#include <atomic>
#include <thread>

#include "tests/services/sales/shop.h"

namespace clustr::sales {
namespace {

using testing::EqualsMessage;
using testing::Fails;
using testing::IsOk;

constexpr char kOnce[] =
    "transaction { customer_id: 1 purchase_date: '2024-01-02' }"
    "sales { product_sku: 1 quantity: 1 } request_id: 'once'";

class PurchaseRetryTest : public ShopTest {};

TEST_F(PurchaseRetryTest, ARetryGetsTheFirstAnswer) {
  const auto first = Record(kOnce);
  ASSERT_THAT(first, IsOk());
  EXPECT_FALSE(first->replayed());
  for (const bool restart : {false, true}) {
    if (restart) sales_.server().Restart();
    auto again = Record(kOnce);
    ASSERT_THAT(again, IsOk());
    EXPECT_TRUE(again->replayed());
    again->clear_replayed();
    EXPECT_THAT(*again, EqualsMessage(*first));
  }
  EXPECT_EQ(TransactionCount(), 1);
}

TEST_F(PurchaseRetryTest, AnotherPayloadUnderTheSameIdIsRefused) {
  ASSERT_THAT(Record(kOnce), IsOk());
  EXPECT_THAT(Record("transaction { customer_id: 1 purchase_date: '2024-01-02' }"
                     "sales { product_sku: 2 quantity: 1 } request_id: 'once'"),
              Fails(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED", "\"once\""));
}

TEST_F(PurchaseRetryTest, RetriesAtTheSameTimeOnANewDayRecordOnce) {
  std::atomic<int> recorded{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto answer = Record(kOnce);
      ASSERT_THAT(answer, IsOk());
      if (!answer->replayed()) ++recorded;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recorded, 1);
  EXPECT_EQ(TransactionCount(), 1);
}

// The rehearsal finds the first answer, as the write would.
TEST_F(PurchaseRetryTest, ARetryWhoseDayIsGoneIsReplayedAndCreatesNoDay) {
  const auto first = Record(kOnce);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(catalog_.Ask(&testing::Timeframes::DeleteTimeframe, "time_id: 2"), IsOk());
  // A purchase that asks catalog brings the replica to the deletion.
  EXPECT_THAT(Record("transaction { customer_id: 9 time_id: 1 }"
                     "sales { product_sku: 1 quantity: 1 }"),
              Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING", "customer 9"));
  const auto again = Record(kOnce);
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->replayed());
  EXPECT_THAT(again->transaction(), EqualsMessage(first->transaction()));
  EXPECT_THAT(CatalogDates(), ::testing::ElementsAre("2024-01-01"));
}

TEST_F(PurchaseRetryTest, ValidateOnlyIsNotRemembered) {
  EXPECT_THAT(Record(std::string(kOnce) + " validate_only: true"), IsOk());
  const auto recorded = Record(kOnce);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_FALSE(recorded->replayed());
}

TEST_F(PurchaseRetryTest, ARefusedPurchaseIsNotRemembered) {
  const std::string request =
      "transaction { customer_id: 1 time_id: 1 } sales { product_sku: 3 quantity: 1 }"
      "request_id: 'later'";
  EXPECT_THAT(Record(request),
              Fails(absl::StatusCode::kFailedPrecondition, "REFERENCE_MISSING", "product 3"));
  EXPECT_EQ(AddProduct(1), 3);
  const auto recorded = Record(request);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_FALSE(recorded->replayed());
}

}  // namespace
}  // namespace clustr::sales
