#include "common/streaming/upstream_problems.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::streaming {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ops::v1::Upstream Sales() {
  ops::v1::Upstream upstream;
  upstream.set_name("sales");
  upstream.set_address("127.0.0.1:50052");
  upstream.set_connected(true);
  upstream.set_applied_revision(7);
  upstream.set_head_revision(7);
  return upstream;
}

TEST(UpstreamProblemsTest, AConnectedUpstreamThatIsFollowedHasNone) {
  EXPECT_THAT(ProblemsOf(Sales()), IsEmpty());
}

TEST(UpstreamProblemsTest, AnUpstreamThatIsNotConnectedIsNamedWithItsFlag) {
  ops::v1::Upstream sales = Sales();
  sales.set_connected(false);
  sales.mutable_lag()->set_seconds(100);
  EXPECT_THAT(ProblemsOf(sales),
              ElementsAre("sales at 127.0.0.1:50052 is not connected; start clustr-sales or check "
                          "--sales"));
}

// Whatever a server that runs ended the stream with, operators were told to start it.
TEST(UpstreamProblemsTest, AnUpstreamThatEndsItsStreamsIsNamedWithWhatTheyEndWith) {
  ops::v1::Upstream sales = Sales();
  sales.set_connected(false);
  sales.mutable_lag()->set_seconds(100);
  sales.set_ended_with("UNIMPLEMENTED: unknown service");
  EXPECT_THAT(ProblemsOf(sales),
              ElementsAre("sales at 127.0.0.1:50052 ended the stream of its changes with "
                          "UNIMPLEMENTED: unknown service; check that --sales names a clustr-sales "
                          "that this server may read, and the log of that one"));
}

TEST(UpstreamProblemsTest, AnUpstreamThatSendsSomethingWrongIsNamedWithIt) {
  ops::v1::Upstream sales = Sales();
  sales.set_refusal("revision: 3 comes after 7");
  const auto told = ElementsAre(
      "sales at 127.0.0.1:50052 sent what no clustr-sales sends, revision: 3 comes after 7: this "
      "server applied nothing of it and goes on with revision 7; check that --sales names a "
      "clustr-sales, and the version and database of that one");
  EXPECT_THAT(ProblemsOf(sales), told);
  sales.set_connected(false);
  sales.mutable_lag()->set_seconds(100);
  EXPECT_THAT(ProblemsOf(sales), told);
}

TEST(UpstreamProblemsTest, RowsThatAreSetAsideAreNamedWithTheRemedy) {
  ops::v1::Upstream sales = Sales();
  sales.set_set_aside_count(3);
  sales.add_set_aside("purchase 7: quantity[0]: 0 is below 1");
  sales.add_set_aside("purchase 9");
  EXPECT_THAT(
      ProblemsOf(sales),
      ElementsAre("3 rows of sales at 127.0.0.1:50052 are set aside, and this server answers as if "
                  "they did not exist, because no clustr-sales stores such rows: purchase 7: "
                  "quantity[0]: 0 is below 1; purchase 9; and 1 more; store them in clustr-sales "
                  "again as they should be, or delete them there, and check its version and "
                  "database"));
}

TEST(UpstreamProblemsTest, AnUpstreamHasASecondToConnectButNoneToHideALostHistory) {
  ops::v1::Upstream sales = Sales();
  sales.set_connected(false);
  EXPECT_THAT(ProblemsOf(sales), IsEmpty());
  sales.mutable_lag()->set_seconds(1);
  EXPECT_THAT(ProblemsOf(sales), ElementsAre(HasSubstr("is not connected")));
  sales.mutable_lag()->set_seconds(0);
  sales.set_lost_revision(12);
  EXPECT_THAT(ProblemsOf(sales), ElementsAre(HasSubstr("history of sales")));
}

TEST(UpstreamProblemsTest, ALagOfMoreThanTenSecondsIsNamedWithBothRevisions) {
  ops::v1::Upstream sales = Sales();
  sales.set_head_revision(9);
  sales.mutable_lag()->set_seconds(10);
  EXPECT_THAT(ProblemsOf(sales), IsEmpty());
  sales.mutable_lag()->set_seconds(11);
  EXPECT_THAT(ProblemsOf(sales),
              ElementsAre(AllOf(HasSubstr("11 s behind sales"), HasSubstr("revision 7 of 9"))));
}

TEST(UpstreamProblemsTest, AHistoryThatWentBackIsNamedWithTheRevisionThatIsLost) {
  ops::v1::Upstream sales = Sales();
  sales.set_lost_revision(12);
  EXPECT_THAT(ProblemsOf(sales),
              ElementsAre(AllOf(HasSubstr("history of sales"), HasSubstr("revision 12"))));
}

}  // namespace
}  // namespace clustr::streaming
