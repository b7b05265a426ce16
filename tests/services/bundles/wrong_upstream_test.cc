// Upstreams that send what no sales and no catalog sends. Nothing of it is applied, the operator is
// told what it was, what was there before is served, and an upstream that behaves again is followed
// again.

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

  void ExpectShop() {
    const auto status = StatusOf(bundles_);
    EXPECT_EQ(status.revision(), 3);
    EXPECT_EQ(status.row_counts().at("baskets"), 3);
    EXPECT_EQ(status.row_counts().at("lines"), 6);
    EXPECT_EQ(status.row_counts().at("products"), 2);
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

  void LieAsCatalog(const std::function<void(StreamCatalogResponse*)>& spoil,
                    const std::string& problem) {
    SCOPED_TRACE(problem);
    StreamCatalogResponse lie = HonestCatalog();
    spoil(&lie);
    upstream_.catalog().Play({{lie.SerializeAsString()}, /*starts_over=*/false});
    ExpectRefused(bundles_, upstream_.catalog(), problem);
    ExpectRefused(sales_.server(), upstream_.catalog(), problem);
    BeHonest();
    AwaitFollowed();
  }

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

TEST_F(WrongUpstreamTest, RowsThatCannotBe) {
  LieAsSales([](auto* lie) { lie->mutable_changes(0)->set_transaction_id(-1); },
             "changes[0].transaction_id: -1");
  LieAsSales([](auto* lie) { lie->mutable_changes(2)->set_quantity(1, -5); },
             "changes[2].quantity[1]: -5 is below 1");
  LieAsCatalog([](auto* lie) { lie->mutable_changes(0)->mutable_product()->set_price(NAN); },
               "changes[0].product.price: nan");
}

TEST_F(WrongUpstreamTest, MessagesOfNoKindAndNoMessages) {
  LieAsCatalog([](auto* lie) { lie->add_changes(); }, "changes[4].row: is not set");
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
