#include "services/sales/sums/sums_follower.h"

#include <atomic>
#include <optional>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "clustr/sales/v1/sale.pb.h"
#include "clustr/sales/v1/transaction.pb.h"
#include "common/schema/date.h"
#include "common/storage/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/sales/sums/sums_verification.h"
#include "tests/testing/for_each_seed.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/temp_folder.h"

namespace clustr::sales {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::Text;

constexpr int64_t kEnough = int64_t{1} << 30;

class SumsFollowerTest : public ::testing::Test {
 protected:
  SumsFollowerTest() { TellCatalog(1); }

  // What catalog has: products 1 to 20 and customers 1 to 9, whose attributes change with
  // `revision`.
  void TellCatalog(int64_t revision) {
    catalog::v1::StreamCatalogResponse told;
    for (int64_t id = 1; id <= 20; ++id) {
      auto& product = *told.add_changes()->mutable_product();
      product.set_product_sku(id);
      product.set_category(absl::StrCat("Category ", (id + revision) % 4));
      if (id % 2 == 0) product.set_brand(absl::StrCat("Brand ", id % 3));
    }
    for (int64_t id = 1; id <= 9; ++id) {
      auto& customer = *told.add_changes()->mutable_customer();
      customer.set_customer_id(id);
      customer.set_customer_segment(absl::StrCat("Segment ", (id * revision) % 3));
    }
    told.set_revision(revision);
    told.set_head_revision(revision);
    replica_.Apply(told);
  }

  void Start(int64_t max_bytes = kEnough) {
    sums_.emplace(store_.get(), &replica_, &transactions_, max_bytes);
  }

  int Random(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  void PutHeader(storage::WriteContext& context, int64_t id, int64_t lines_total_cents) {
    v1::Transaction header;
    const bool exists = transactions_.Get(context.session(), id, &header);
    header.Clear();
    header.set_transaction_id(id);
    header.set_customer_id(Random(1, 12));
    header.set_purchase_date(schema::DateText(19'000 + Random(0, 300)));
    header.set_transaction_amount(Random(0, 5'000) / 100.0);
    header.set_lines_total(static_cast<double>(lines_total_cents) / 100);
    if (Random(0, 2) > 0) header.set_channel(absl::StrCat("Channel ", Random(0, 3)));
    header.set_revision(context.Revision());
    if (exists) return transactions_.Update(context.session(), header);
    transactions_.ForgetRemoval(context.session(), id);
    transactions_.Insert(context.session(), header);
  }

  // Stores a purchase anew, with other lines, or removes it.
  void ChangeAny(storage::WriteContext& context) {
    const int64_t id = Random(1, 3'000);
    v1::Transaction header;
    lines_.DeleteCluster(context.session(), id, context.Revision());
    if (Random(0, 4) == 0) {
      if (transactions_.Get(context.session(), id, &header)) {
        transactions_.Delete(context.session(), id, context.Revision());
      }
      return;
    }
    int64_t total_cents = 0;
    for (int i = Random(0, 5); i > 0; --i) {
      v1::Sale sale;
      sale.set_sale_id(++last_sale_id_);
      sale.set_transaction_id(id);
      sale.set_product_sku(Random(1, 24));
      sale.set_quantity(Random(1, 3));
      sale.set_returned_quantity(Random(0, sale.quantity()));
      const int net_cents = 100 * (sale.quantity() - sale.returned_quantity());
      sale.set_net_total(net_cents / 100.0);
      total_cents += 100 * sale.quantity();
      lines_.Insert(context.session(), sale);
    }
    PutHeader(context, id, total_cents);
  }

  void ChangeSome(int count) {
    ASSERT_THAT(testing::Write(*store_,
                               [this, count](storage::WriteContext& context) {
                                 for (int i = 0; i < count; ++i) ChangeAny(context);
                                 return absl::OkStatus();
                               }),
                IsOk());
  }

  // What a verification finds, once the sums are counted.
  v1::VerifySalesFiguresResponse Verify(const Days& days = {}) {
    v1::VerifySalesFiguresResponse found;
    absl::Status status;
    do {
      found.Clear();
      status = VerifySums(*sums_, replica_, days, {}, &found);
    } while (absl::IsUnavailable(status));
    EXPECT_THAT(status, IsOk());
    return found;
  }

  void ExpectEqualToAScan(const Days& days = {}) {
    const v1::VerifySalesFiguresResponse found = Verify(days);
    EXPECT_TRUE(found.sums_kept());
    EXPECT_EQ(found.difference_count(), 0) << found.DebugString();
    EXPECT_GE(found.revision(), 0);
  }

  testing::TempFolder folder_;
  ThreadPool pool_{2};
  std::unique_ptr<storage::Store> store_ = *storage::Store::Open(
      folder_.DatabaseUrl(), {v1::Transaction::descriptor(), v1::Sale::descriptor()}, 4, &pool_);
  const storage::Table transactions_{*v1::Transaction::descriptor()};
  const storage::Table lines_{*v1::Sale::descriptor()};
  CallSlots slots_{{"parked", "calls that wait for a revision", 1000, 1000}};
  rpc::RevisionGate gate_{&pool_, &slots_};
  CatalogReplica replica_{&gate_};
  std::mt19937_64 random_{1};
  int64_t last_sale_id_ = 0;
  std::optional<SumsFollower> sums_;
};

TEST_F(SumsFollowerTest, AnEmptyStoreHasNoFigures) {
  Start();
  ExpectEqualToAScan();
  EXPECT_EQ(Verify().compared_count(), 1);
}

TEST_F(SumsFollowerTest, WhatWasStoredBeforeIsCounted) {
  for (int i = 0; i < 5; ++i) ChangeSome(2'000);
  Start();
  ExpectEqualToAScan();
  EXPECT_GT(Verify().transaction_count(), 1'000);
}

TEST_F(SumsFollowerTest, AgreesWithAScanAfterRandomChanges) {
  random_.seed(RandomSeed());
  ChangeSome(500);
  Start();
  for (int round = 1; round <= 30; ++round) {
    ChangeSome(round % 10 == 0 ? 5'000 : Random(1, 200));
    if (round % 5 == 0) TellCatalog(round);
    const Days days = {schema::DateText(19'000 + Random(0, 150)),
                       schema::DateText(19'150 + Random(0, 150))};
    ExpectEqualToAScan(days);
    ExpectEqualToAScan();
  }
}

TEST_F(SumsFollowerTest, AnAnswerHoldsEachWriteBeforeIt) {
  Start();
  ExpectEqualToAScan();
  for (int i = 0; i < 200; ++i) {
    ChangeSome(1);
    const int64_t head = store_->head_revision();
    const auto answered = sums_->Ask({}, [&](const SalesSums&, const SumsFollower::State& state) {
      EXPECT_GE(state.revision, head);
      EXPECT_EQ(state.catalog_revision, 1);
    });
    ASSERT_THAT(answered, IsOk());
    EXPECT_TRUE(*answered);
  }
}

TEST_F(SumsFollowerTest, StaysExactWhileOthersWriteAndAsk) {
  random_.seed(RandomSeed());
  Start();
  std::atomic<bool> ended{false};
  std::thread asker([&] {
    while (!ended) {
      EXPECT_THAT(sums_->Ask({}, [](const SalesSums& sums, const auto&) { sums.SummaryOf({}); }),
                  IsOk());
    }
  });
  std::thread verifier([&] {
    while (!ended) ExpectEqualToAScan();
  });
  for (int round = 1; round <= 60; ++round) {
    ChangeSome(Random(1, 300));
    if (round % 20 == 0) TellCatalog(round);
  }
  ended = true;
  asker.join();
  verifier.join();
  ExpectEqualToAScan();
}

// A row that changes behind the back of the server takes no revision.
TEST_F(SumsFollowerTest, AVerificationNamesWhatDiffers) {
  Start();
  ChangeSome(300);
  ExpectEqualToAScan();
  ASSERT_THAT(testing::Write(*store_,
                             [&](storage::WriteContext& context) {
                               context.session()
                                   .Prepared(
                                       "UPDATE sales SET net_total_cents = net_total_cents + 1 "
                                       "WHERE sale_id = (SELECT MIN(sale_id) FROM sales WHERE "
                                       "quantity > COALESCE(returned_quantity, 0))")
                                   .Change();
                               return absl::OkStatus();
                             }),
              IsOk());
  const v1::VerifySalesFiguresResponse found = Verify();
  // The summary, the product and one group of each dimension.
  EXPECT_EQ(found.difference_count(), 9) << found.DebugString();
  ASSERT_FALSE(found.differences().empty());
  EXPECT_EQ(found.differences(0).method(), "GetSalesSummary");
  EXPECT_THAT(found.differences(0).served(), HasSubstr("revenue "));
  EXPECT_NE(found.differences(0).served(), found.differences(0).scanned());
}

TEST_F(SumsFollowerTest, SumsThatNeedTooMuchMemoryAreGivenUp) {
  ChangeSome(2'000);
  Start(10'000);
  while (sums_->counting()) std::this_thread::yield();
  const auto answered = sums_->Ask({}, [](const SalesSums&, const auto&) { ADD_FAILURE(); });
  ASSERT_THAT(answered, IsOk());
  EXPECT_FALSE(*answered);
  EXPECT_THAT(sums_->Problem(), HasSubstr("--figures-memory-mb"));
  EXPECT_FALSE(Verify().sums_kept());
}

TEST_F(SumsFollowerTest, AfterARestoreEverythingIsCountedAnew) {
  ChangeSome(2'000);
  Start();
  ExpectEqualToAScan();
  sums_->StartOver();
  ExpectEqualToAScan();
  ChangeSome(10);
  ExpectEqualToAScan();
}

TEST_F(SumsFollowerTest, EndsWhileItCounts) {
  for (int i = 0; i < 3; ++i) ChangeSome(2'000);
  Start();
  sums_.reset();
}

}  // namespace
}  // namespace clustr::sales
