#include "services/sales/analytics/sales_scan.h"

#include <map>

#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/schema/date.h"
#include "common/storage/table.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::sales {
namespace {

using testing::IsOk;

// The expected units and cents of each kept line of a transaction.
using Lines = std::vector<std::pair<int64_t, int64_t>>;

class SalesScanTest : public ::testing::Test {
 protected:
  // Adds transactions, whose ids are `step` apart, with 0 to 3 lines; one line in four was returned
  // as a whole.
  void Fill(int64_t count, int64_t step) {
    ASSERT_THAT(testing::Write(*store_,
                               [&](storage::WriteContext& context) {
                                 for (int64_t i = 1; i <= count; ++i) Put(context, i * step, i);
                                 return absl::OkStatus();
                               }),
                IsOk());
  }

  void Put(storage::WriteContext& context, int64_t id, int64_t serial) {
    v1::Transaction header;
    header.set_transaction_id(id);
    header.set_purchase_date(schema::DateText(static_cast<int32_t>(19'000 + serial % 100)));
    header.set_transaction_amount(static_cast<double>(serial));
    transactions_.Insert(context.session(), header);
    for (int64_t line = 0; line < serial % 4; ++line) {
      v1::Sale sale;
      sale.set_sale_id(++last_sale_id_);
      sale.set_transaction_id(id);
      sale.set_product_sku(line + 1);
      sale.set_quantity(2);
      if (last_sale_id_ % 4 == 0) sale.set_returned_quantity(2);
      sale.set_net_total(last_sale_id_ % 4 == 0 ? 0 : static_cast<double>(serial));
      lines_.Insert(context.session(), sale);
      if (last_sale_id_ % 4 != 0) wanted_[id].emplace_back(2, serial * 100);
    }
  }

  absl::Status Scan(const Days& days, LineDetail detail,
                    absl::FunctionRef<void(const KeptPurchase&)> visit) {
    return store_->Read([&](storage::Session& session) {
      return ScanSales(
          session, days, detail, [] { return absl::OkStatus(); }, visit);
    });
  }

  void ExpectAllSeen() {
    std::map<int64_t, Lines> each;
    EXPECT_THAT(Scan({}, LineDetail::kEach,
                     [&](const KeptPurchase& purchase) {
                       for (const KeptLine& line : purchase.lines) {
                         each[purchase.transaction_id].emplace_back(line.units, line.net_cents);
                       }
                     }),
                IsOk());
    EXPECT_EQ(each, wanted_);
    size_t summed = 0;
    EXPECT_THAT(Scan({}, LineDetail::kSum,
                     [&](const KeptPurchase& purchase) {
                       ASSERT_EQ(purchase.lines.size(), 1);
                       int64_t units = 0;
                       int64_t cents = 0;
                       for (const auto& [kept, net] : wanted_.at(purchase.transaction_id)) {
                         units += kept;
                         cents += net;
                       }
                       EXPECT_EQ(purchase.lines[0].units, units);
                       EXPECT_EQ(purchase.lines[0].net_cents, cents);
                       ++summed;
                     }),
                IsOk());
    EXPECT_EQ(summed, wanted_.size());
  }

  testing::TempFolder folder_;
  ThreadPool pool_{2};
  std::unique_ptr<storage::Store> store_ = *storage::Store::Open(
      folder_.DatabaseUrl(), {v1::Transaction::descriptor(), v1::Sale::descriptor()}, 1, &pool_);
  const storage::Table transactions_{*v1::Transaction::descriptor()};
  const storage::Table lines_{*v1::Sale::descriptor()};
  std::map<int64_t, Lines> wanted_;  // Indexed by transaction_id.
  int64_t last_sale_id_ = 0;
};

TEST_F(SalesScanTest, AnEmptyStoreHasNothingToVisit) { ExpectAllSeen(); }

TEST_F(SalesScanTest, AllIsSeenOnceOverManyChunks) {
  Fill(10'000, 1);
  ExpectAllSeen();
}

TEST_F(SalesScanTest, IdsMayBeFarApart) {
  Fill(5'000, 1'000'003);
  ExpectAllSeen();
}

TEST_F(SalesScanTest, OnlyTheDaysAskedForAreSeen) {
  Fill(1'000, 1);
  const auto count = [&](const Days& days) {
    int64_t seen = 0;
    EXPECT_THAT(Scan(days, LineDetail::kEach,
                     [&](const KeptPurchase& purchase) {
                       EXPECT_GE(purchase.date, days.first);
                       EXPECT_TRUE(days.last.empty() || purchase.date <= days.last);
                       ++seen;
                     }),
                IsOk());
    return seen;
  };
  const std::string middle = schema::DateText(19'050);
  const std::string next = schema::DateText(19'051);
  EXPECT_EQ(count({"", middle}) + count({next, ""}), count({}));
  EXPECT_GT(count({next, next}), 0);
  EXPECT_EQ(count({schema::DateText(19'100), ""}), 0);
}

TEST_F(SalesScanTest, EndsWhenNobodyWaitsForIt) {
  Fill(10'000, 1);
  int looks = 0;
  size_t seen = 0;
  EXPECT_EQ(store_
                ->Read([&](storage::Session& session) {
                  return ScanSales(
                      session, {}, LineDetail::kSum,
                      [&] { return ++looks < 2 ? absl::OkStatus() : absl::CancelledError(); },
                      [&](const KeptPurchase&) { ++seen; });
                })
                .code(),
            absl::StatusCode::kCancelled);
  EXPECT_GT(seen, 0);
  EXPECT_LT(seen, wanted_.size());
}

}  // namespace
}  // namespace clustr::sales
