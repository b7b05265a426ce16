// Upstreams that send what no sales and no catalog sends. Rows that are wrong by themselves are set
// aside, and the others are applied; of a stream whose order is wrong nothing is, and what was
// there before is served. The operator is told what it was, and an upstream that behaves again is
// followed again.

#include <atomic>
#include <cmath>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/rpc/admin/server_status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/bundles.h"
#include "tests/fuzz/streams/scripted_upstream.h"
#include "tests/fuzz/streams/stream_messages.h"
#include "tests/testing/sales_server.h"
#include "tests/testing/temp_folder.h"

namespace clustr::bundles {
namespace {

using catalog::v1::StreamCatalogResponse;
using fuzz::HonestCatalog;
using fuzz::HonestSales;
using fuzz::Script;
using sales::v1::StreamSalesResponse;

constexpr absl::Duration kPatience = absl::Seconds(30);

class WrongUpstreamTest : public ::testing::Test {
 protected:
  WrongUpstreamTest() {
    BeHonest();
    AwaitFollowed();
  }

  void BeHonest() {
    upstream_.sales().Play({{HonestSales().SerializeAsString()}, /*starts_over=*/false});
    upstream_.catalog().Play({{HonestCatalog().SerializeAsString()}, /*starts_over=*/false});
  }

  ops::v1::GetStatusResponse StatusOf(testing::ProgramServer& server) {
    ops::v1::GetStatusResponse status;
    server.program().AddStatus(&status);
    return status;
  }

  void Await(const std::function<bool()>& met, const std::string& what) {
    const absl::Time end = absl::Now() + kPatience;
    while (!met()) {
      ASSERT_LT(absl::Now(), end) << what << "\n"
                                  << StatusOf(bundles_).DebugString()
                                  << StatusOf(sales_.server()).DebugString();
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  void AwaitFollowed() {
    Await(
        [&] {
          const auto bundles = StatusOf(bundles_);
          const auto sales = StatusOf(sales_.server());
          int followed = 0;
          for (const auto* status : {&bundles, &sales}) {
            for (const auto& upstream : status->upstreams()) {
              followed += upstream.connected() && upstream.refusal().empty() ? 1 : 0;
            }
          }
          return followed == 3 && Problems(bundles).empty() && Problems(sales).empty();
        },
        "an honest upstream is followed");
    ExpectShop();
  }

  static std::string Problems(const ops::v1::GetStatusResponse& status) {
    return absl::StrJoin(status.problems(), "\n");
  }

  void ExpectShop() { ExpectCounts(3, 3, 6, 2); }

  // What bundles holds, and the revision of sales that it has.
  void ExpectCounts(int64_t revision, int64_t baskets, int64_t lines, int64_t products) {
    Await(
        [&] {
          auto status = StatusOf(bundles_);
          auto& rows = *status.mutable_row_counts();
          return status.revision() == revision && rows["baskets"] == baskets &&
                 rows["lines"] == lines && rows["products"] == products;
        },
        absl::StrCat("revision ", revision, " with ", baskets, " baskets, ", lines, " lines and ",
                     products, " products"));
  }

  // Waits until `server` reports `problem`, and checks that the shop stays as it was and that the
  // streams of `player` are opened ever more seldom.
  void ExpectRefused(testing::ProgramServer& server, fuzz::Player& player,
                     const std::string& problem) {
    Await([&] { return absl::StrContains(Problems(StatusOf(server)), problem); }, problem);
    EXPECT_THAT(Problems(StatusOf(server)), ::testing::HasSubstr(upstream_.address()));
    const int opened = player.opened();
    const absl::Time begin = absl::Now();
    absl::SleepFor(absl::Seconds(2));
    const double streams_a_second =
        (player.opened() - opened) / absl::ToDoubleSeconds(absl::Now() - begin);
    // Two servers follow catalog.
    EXPECT_LT(streams_a_second, 6) << problem;
    std::cout << problem << ": " << streams_a_second << " streams a second\n";
    ExpectShop();
  }

  void LieAsSales(std::vector<std::string> messages, const std::string& problem,
                  bool ends = false) {
    SCOPED_TRACE(problem);
    upstream_.sales().Play({std::move(messages), /*starts_over=*/false, ends});
    ExpectRefused(bundles_, upstream_.sales(), problem);
    BeHonest();
    AwaitFollowed();
  }

  void LieAsSales(const std::function<void(StreamSalesResponse*)>& spoil,
                  const std::string& problem) {
    StreamSalesResponse lie = HonestSales();
    spoil(&lie);
    LieAsSales({HonestSales().SerializeAsString(), lie.SerializeAsString()}, problem);
  }

  // Sends a message as the newest revision of a history that goes on.
  void PlayRevision(int64_t revision, StreamSalesResponse message) {
    message.set_revision(revision);
    message.set_head_revision(revision);
    upstream_.sales().Play({{message.SerializeAsString()}, /*starts_over=*/false});
  }
  void PlayRevision(int64_t revision, StreamCatalogResponse message) {
    message.set_revision(revision);
    message.set_head_revision(revision);
    upstream_.catalog().Play({{message.SerializeAsString()}, /*starts_over=*/false});
  }

  void AwaitProblem(testing::ProgramServer& server, const std::string& problem) {
    Await([&] { return absl::StrContains(Problems(StatusOf(server)), problem); }, problem);
  }

  // Number of rows of the upstream that are set aside, as a scrape tells it.
  static std::string SetAsideMetric(testing::ProgramServer& server, const std::string& upstream) {
    rpc::Metrics metrics;
    rpc::ServerStatus("test", &server.program()).AddMetrics(rpc::CallMetrics(), &metrics);
    const std::string text = metrics.Text();
    const std::string name = "clustr_upstream_set_aside_rows{upstream=\"" + upstream + "\"} ";
    const size_t begin = text.find(name);
    if (begin == std::string::npos) return "missing";
    return text.substr(begin + name.size(), text.find('\n', begin) - begin - name.size());
  }

  std::atomic<bool> ready_ = false;
  fuzz::ScriptedUpstream upstream_;
  testing::SalesServer sales_{upstream_.address()};
  const testing::TempFolder folder_;
  testing::ProgramServer bundles_{[this] {
    return MakeBundles(*rpc::Flags::Parse(
        BundlesFlags(), {"--database=" + folder_.DatabaseUrl("bundles.db"), "--train=off",
                         "--catalog=" + upstream_.address(), "--sales=" + upstream_.address()}));
  }};
};

TEST_F(WrongUpstreamTest, RevisionsThatFallOrExceedTheHead) {
  LieAsSales(
      [](auto* lie) {
        lie->set_revision(2);
        lie->clear_changes();
      },
      "revision: 2 comes after 3");
  LieAsSales([](auto* lie) { lie->set_revision(9); }, "head_revision: 3 is below");
}

TEST_F(WrongUpstreamTest, AHistoryThatChangesWithinAStream) {
  LieAsSales([](auto* lie) { lie->set_store_id("another"); }, "store_id: changed from");
}

// Of three baskets one has a line with a quantity below 1: it counts no more, not even as it was
// before, and the streams stay open.
TEST_F(WrongUpstreamTest, AWrongPurchaseIsSetAsideUntilItIsMended) {
  StreamSalesResponse wrong = HonestSales();
  wrong.mutable_changes(2)->set_quantity(1, -5);
  PlayRevision(4, std::move(wrong));
  AwaitProblem(bundles_, "purchase 3: quantity[1]: -5 is below 1");
  ExpectCounts(4, 2, 4, 2);
  EXPECT_EQ(SetAsideMetric(bundles_, "sales"), "1");
  EXPECT_EQ(SetAsideMetric(bundles_, "catalog"), "0");

  bundles_.Restart();
  AwaitProblem(bundles_, "purchase 3: quantity[1]: -5 is below 1");
  ExpectCounts(4, 2, 4, 2);

  const int opened = upstream_.sales().opened();
  absl::SleepFor(absl::Seconds(1));
  EXPECT_EQ(upstream_.sales().opened(), opened) << "the stream goes on";

  PlayRevision(5, HonestSales());
  Await([&] { return Problems(StatusOf(bundles_)).empty(); }, "the row is mended");
  ExpectCounts(5, 3, 6, 2);
  EXPECT_EQ(SetAsideMetric(bundles_, "sales"), "0");
}

TEST_F(WrongUpstreamTest, AWrongProductIsSetAsideByBothThatFollowCatalog) {
  StreamCatalogResponse wrong = HonestCatalog();
  wrong.mutable_changes(0)->mutable_product()->set_price(NAN);
  PlayRevision(5, std::move(wrong));
  for (testing::ProgramServer* server : {&bundles_, &sales_.server()}) {
    AwaitProblem(*server, "product 1: product.price: nan is not an amount of money");
    EXPECT_EQ(SetAsideMetric(*server, "catalog"), "1");
  }
  ExpectCounts(3, 3, 6, 1);
  PlayRevision(6, HonestCatalog());
  for (testing::ProgramServer* server : {&bundles_, &sales_.server()}) {
    Await([&] { return Problems(StatusOf(*server)).empty(); }, "the row is mended");
  }
  ExpectCounts(3, 3, 6, 2);
}

// They were set aside as one row, and bundles was ready without any basket.
TEST_F(WrongUpstreamTest, RowsWithIdsThatNoneCanHave) {
  LieAsSales(
      [](auto* lie) {
        for (int i = 0; i < 200; ++i) *lie->add_changes() = lie->changes(0);
        for (auto& change : *lie->mutable_changes()) change.set_transaction_id(0);
        lie->set_revision(4);
        lie->set_head_revision(4);
      },
      "changes[0].transaction_id: 0 is not an id from 1 to 9007199254740991");
}

TEST_F(WrongUpstreamTest, RowsOfNoKind) {
  StreamCatalogResponse catalog = HonestCatalog();
  catalog.add_changes();
  const std::string problem =
      absl::StrCat("changes[", catalog.changes_size() - 1, "].row: is not set");
  PlayRevision(5, std::move(catalog));
  ExpectRefused(bundles_, upstream_.catalog(), problem);
  AwaitProblem(sales_.server(), problem);
  BeHonest();
  AwaitFollowed();
}

TEST_F(WrongUpstreamTest, AServerThatLacksTooMuchIsNotReady) {
  bundles_.program().Started([this](const std::string& service, bool serving) {
    if (service.empty()) ready_ = serving;
  });
  EXPECT_TRUE(ready_);
  StreamSalesResponse wrong = HonestSales();
  for (int id = 10; id < 111; ++id) {
    sales::v1::BasketChange& change = *wrong.add_changes();
    change = wrong.changes(0);
    change.set_transaction_id(id);
    change.set_epoch_day(INT32_MAX);
  }
  PlayRevision(4, std::move(wrong));
  AwaitProblem(bundles_, "101 rows of sales at");
  AwaitProblem(bundles_, "; and 81 more; ");
  Await([&] { return !ready_; }, "bundles is not ready");
  StreamSalesResponse gone = HonestSales();
  for (int id = 10; id < 20; ++id) {
    sales::v1::BasketChange& change = *gone.add_changes();
    change.set_transaction_id(id);
    change.set_deleted(true);
  }
  PlayRevision(5, std::move(gone));
  Await([&] { return ready_.load(); }, "bundles is ready");
}

// The many customers made up for the products, and timeframes counted, which bundles ignores.
TEST_F(WrongUpstreamTest, AServerThatLacksTooManyProductsIsNotReadyHoweverManyCustomersItHas) {
  bundles_.program().Started([this](const std::string& service, bool serving) {
    if (service.empty()) ready_ = serving;
  });
  StreamCatalogResponse wrong = HonestCatalog();
  for (int id = 10; id < 10'110; ++id) {
    wrong.add_changes()->mutable_customer()->set_customer_id(id);
    if (id < 500) wrong.add_changes()->mutable_timeframe()->set_time_id(id);
  }
  PlayRevision(5, wrong);
  AwaitProblem(bundles_, "490 rows of catalog at");
  absl::SleepFor(absl::Milliseconds(1200));
  EXPECT_TRUE(ready_) << "no answer depends on timeframes";
  for (int id = 10; id < 111; ++id) {
    catalog::v1::Product& product = *wrong.add_changes()->mutable_product();
    product.set_product_sku(id);
    product.set_price(-1);
  }
  PlayRevision(6, std::move(wrong));
  AwaitProblem(bundles_, "591 rows of catalog at");
  Await([&] { return !ready_; }, "bundles is not ready");
}

// A network or proxy that repeats a message.
TEST_F(WrongUpstreamTest, AMessageThatComesTwiceCountsOnce) {
  StreamSalesResponse next = HonestSales();
  next.set_revision(4);
  next.set_head_revision(4);
  const std::string bytes = next.SerializeAsString();
  upstream_.sales().Play({{bytes, bytes, bytes}, /*starts_over=*/false});
  Await([&] { return StatusOf(bundles_).revision() == 4; }, "the message is applied");
  ExpectCounts(4, 3, 6, 2);
  EXPECT_EQ(Problems(StatusOf(bundles_)), "");
}

TEST_F(WrongUpstreamTest, MessagesThatCannotBeRead) {
  LieAsSales(
      {std::string("\x0a\xff no message", 13)},
      "ended the stream of its changes with DATA_LOSS: it sent a message that cannot be read");
}

TEST_F(WrongUpstreamTest, EmptyMessagesForEver) {
  StreamSalesResponse empty = HonestSales();
  empty.clear_changes();
  LieAsSales(std::vector<std::string>(20'000, empty.SerializeAsString()),
             "messages without any came");
}

TEST_F(WrongUpstreamTest, StreamsThatEndBehindEachMessage) {
  LieAsSales({HonestSales().SerializeAsString()}, "ended the stream of its changes with OK",
             /*ends=*/true);
}

}  // namespace
}  // namespace clustr::bundles
