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
