#include "services/bundles/state/shop_replica.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"

namespace clustr::bundles {
namespace {

using sales::v1::StreamSalesResponse;

class ShopReplicaTest : public ::testing::Test {
 protected:
  StreamSalesResponse Basket(int64_t id, std::vector<int64_t> skus, int64_t revision,
                             int64_t head) {
    StreamSalesResponse message;
    sales::v1::BasketChange* change = message.add_changes();
    change->set_transaction_id(id);
    change->set_customer_id(1);
    for (const int64_t sku : skus) change->add_product_sku(sku);
    message.set_revision(revision);
    message.set_head_revision(head);
    message.set_store_id("sales");
    return message;
  }

  catalog::v1::StreamCatalogResponse Product(int64_t sku, int64_t revision, int64_t head) {
    catalog::v1::StreamCatalogResponse message;
    catalog::v1::Product* product = message.add_changes()->mutable_product();
    product->set_product_sku(sku);
    product->set_product_name("Product");
    product->set_price(1.5);
    message.set_revision(revision);
    message.set_head_revision(head);
    message.set_store_id("catalog");
    return message;
  }

  static CallOrigin Origin() { return {"10.0.0.7"}; }

  int firsts_ = 0;
  ThreadPool pool_{1};
  CallSlots slots_{{"parked", "calls that wait for a revision", 1000, 1000}};
  PublishedStates states_{&pool_, &slots_, [this] { ++firsts_; }};
  ShopReplica replica_{&states_};
};

TEST_F(ShopReplicaTest, PublishesOnlyWhereBothSidesAreExact) {
  replica_.sales()->Apply(Basket(1, {7}, 1, 2));
  replica_.sales()->Apply(Basket(2, {7}, 2, 2));
  EXPECT_EQ(states_.newest(), nullptr);
  replica_.catalog()->Apply(Product(7, 1, 1));
  ASSERT_NE(states_.newest(), nullptr);
  EXPECT_EQ(states_.newest()->serial, 1);
  EXPECT_EQ(states_.newest()->revisions.sales, 2);
  EXPECT_EQ(states_.newest()->revisions.catalog, 1);
  EXPECT_EQ(states_.newest()->sales_store_id, "sales");
  EXPECT_EQ(states_.newest()->shop->basket_count(), 2);
  EXPECT_EQ(states_.newest()->shop->product_count(), 1);
  EXPECT_EQ(firsts_, 1);

  replica_.sales()->Apply(Basket(3, {7}, 3, 9));
  EXPECT_EQ(states_.newest()->revisions.sales, 2);
  EXPECT_EQ(replica_.sales_head(), 9);
  replica_.sales()->Apply(Basket(4, {7}, 9, 9));
  EXPECT_EQ(states_.newest()->shop->basket_count(), 4);
  EXPECT_EQ(firsts_, 1);
}

TEST_F(ShopReplicaTest, AHeartbeatPublishesNothingNew) {
  replica_.catalog()->Apply(Product(7, 1, 1));
  replica_.sales()->Apply(Basket(1, {7}, 1, 1));
  StreamSalesResponse heartbeat;
  heartbeat.set_revision(1);
  heartbeat.set_head_revision(1);
  replica_.sales()->Apply(heartbeat);
  EXPECT_EQ(states_.newest()->serial, 1);
}

// A stream that broke off resumes where it was processed, so the last changes may come again.
TEST_F(ShopReplicaTest, ChangesThatComeAgainCountOnce) {
  replica_.catalog()->Apply(Product(7, 1, 1));
  const auto both = [&](int64_t head) {
    StreamSalesResponse message = Basket(1, {7, 8}, 2, head);
    *message.add_changes() = Basket(2, {7}, 2, head).changes(0);
    return message;
  };
  replica_.sales()->Apply(both(2));
  replica_.sales()->Apply(both(2));
  StreamSalesResponse voided = Basket(1, {}, 3, 3);
  voided.mutable_changes(0)->set_deleted(true);
  replica_.sales()->Apply(voided);
  replica_.sales()->Apply(voided);
  replica_.catalog()->Apply(Product(7, 1, 1));
  const StatePtr state = states_.newest();
  EXPECT_EQ(state->revisions.sales, 3);
  EXPECT_EQ(state->shop->basket_count(), 1);
  EXPECT_EQ(state->shop->line_count(), 1);
  EXPECT_EQ(state->shop->product_count(), 1);
  EXPECT_EQ(state->shop->live_count(*state->shop->item_of(7)), 1);
  EXPECT_EQ(state->shop->live_count(*state->shop->item_of(8)), 0);
}

TEST_F(ShopReplicaTest, AnotherHistoryReplacesOneSideAndPublishesNothingInBetween) {
  replica_.catalog()->Apply(Product(7, 1, 1));
  replica_.sales()->Apply(Basket(1, {7, 8}, 5, 5));
  replica_.sales()->Apply(Basket(2, {7}, 6, 6));
  const StatePtr before = states_.newest();
  replica_.sales()->Reset();
  EXPECT_EQ(states_.Find({6, 1}), nullptr);
  replica_.catalog()->Apply(Product(9, 2, 2));
  replica_.sales()->Apply(Basket(3, {8}, 1, 2));
  EXPECT_EQ(states_.newest(), before);
  replica_.sales()->Apply(Basket(4, {8}, 2, 2));
  const StatePtr after = states_.newest();
  EXPECT_EQ(after->revisions.sales, 2);
  EXPECT_EQ(after->revisions.catalog, 2);
  EXPECT_EQ(after->shop->basket_count(), 2);
  EXPECT_EQ(after->shop->line_count(), 2);
  EXPECT_EQ(after->shop->live_count(*after->shop->item_of(7)), 0);
  EXPECT_EQ(after->shop->product_count(), 2);

  replica_.catalog()->Reset();
  replica_.catalog()->Apply(Product(9, 1, 1));
  EXPECT_EQ(states_.newest()->shop->product_count(), 1);
  EXPECT_EQ(states_.newest()->shop->product(*after->shop->item_of(7)), nullptr);
  EXPECT_EQ(states_.newest()->shop->basket_count(), 2);
}

TEST_F(ShopReplicaTest, InStockUnsetMeansTrue) {
  auto message = Product(7, 1, 1);
  replica_.catalog()->Apply(message);
  replica_.sales()->Apply(Basket(1, {7}, 1, 1));
  EXPECT_TRUE(states_.newest()->shop->product(0)->in_stock);
  message.mutable_changes(0)->mutable_product()->set_in_stock(false);
  message.set_revision(2);
  message.set_head_revision(2);
  replica_.catalog()->Apply(message);
  EXPECT_FALSE(states_.newest()->shop->product(0)->in_stock);
}

TEST_F(ShopReplicaTest, KeepsTheNewestSixtyFourStates) {
  replica_.catalog()->Apply(Product(7, 1, 1));
  for (int64_t revision = 1; revision <= 65; ++revision) {
    replica_.sales()->Apply(Basket(revision, {7}, revision, revision));
  }
  EXPECT_EQ(states_.Find({1, 1}), nullptr);
  for (int64_t revision = 2; revision <= 65; ++revision) {
    ASSERT_NE(states_.Find({revision, 1}), nullptr);
    EXPECT_EQ(states_.Find({revision, 1})->shop->basket_count(), revision);
  }
}

// A call waited for its whole deadline although the server could not have got anything to read.
TEST_F(ShopReplicaTest, StartingComesAtOnceWhereAnUpstreamCannotBeReached) {
  std::vector<std::string> unreachable = {"catalog", "sales"};
  states_.SetUnreachable([&] { return unreachable; });
  absl::Status result;
  const auto await = [&] {
    states_.Await({}, {}, Origin, [&](absl::Status status) { result = std::move(status); });
  };
  await();
  EXPECT_THAT(result, testing::Fails(absl::StatusCode::kUnavailable, "STARTING",
                                     "it cannot reach catalog and sales; try again"));
  EXPECT_THAT(MetadataOf(result),
              ::testing::ElementsAre(::testing::Pair("unreachable", "catalog,sales")));
  replica_.catalog()->Apply(Product(7, 1, 1));
  replica_.sales()->Apply(Basket(1, {7}, 1, 1));
  await();
  EXPECT_TRUE(result.ok())
      << "a published state is answered from, whatever became of the upstreams";
  states_.SetUnreachable(nullptr);
}

TEST_F(ShopReplicaTest, WaitingBeforeTheFirstStateEndsInStarting) {
  absl::Notification resumed;
  absl::Status result;
  states_.Await({}, {Deadline::In(absl::Milliseconds(50))}, Origin, [&](absl::Status status) {
    result = std::move(status);
    resumed.Notify();
  });
  resumed.WaitForNotification();
  EXPECT_EQ(result.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonName(ReasonOf(result)), "STARTING");
}

TEST_F(ShopReplicaTest, AWaitEndsWithTheStateItWaitsFor) {
  absl::Notification resumed;
  int64_t seen = 0;
  states_.Await({2, 1}, {}, Origin, [&](const absl::Status& status) {
    EXPECT_TRUE(status.ok()) << status;
    seen = states_.newest()->revisions.sales;
    resumed.Notify();
  });
  replica_.catalog()->Apply(Product(7, 1, 1));
  replica_.sales()->Apply(Basket(1, {7}, 1, 1));
  EXPECT_FALSE(resumed.HasBeenNotified());
  replica_.sales()->Apply(Basket(2, {7}, 2, 2));
  resumed.WaitForNotification();
  EXPECT_EQ(seen, 2);
}

TEST_F(ShopReplicaTest, DrainingFailsOnlyCallsThatWouldWait) {
  replica_.catalog()->Apply(Product(7, 1, 1));
  replica_.sales()->Apply(Basket(1, {7}, 1, 1));
  std::string waiting = "not called";
  absl::Notification resumed;
  states_.Await({9, 1}, {}, Origin, [&](const absl::Status& status) {
    waiting = std::string(ReasonName(ReasonOf(status)));
    resumed.Notify();
  });
  states_.Drain();
  resumed.WaitForNotification();
  EXPECT_EQ(waiting, "DRAINING");
  absl::Status covered = absl::UnknownError("not called");
  states_.Await({1, 1}, {}, Origin, [&](absl::Status status) { covered = status; });
  EXPECT_TRUE(covered.ok()) << covered;
  absl::Status uncovered;
  states_.Await({2, 1}, {}, Origin, [&](absl::Status status) { uncovered = status; });
  EXPECT_EQ(ReasonName(ReasonOf(uncovered)), "DRAINING");
}

}  // namespace
}  // namespace clustr::bundles
