#include "common/streaming/stream_order.h"

#include "gtest/gtest.h"

namespace clustr::streaming {
namespace {

TEST(StreamOrderTest, RisingRevisionsOfOneHistoryAreFine) {
  StreamOrder order(4);
  EXPECT_EQ(order.WhyRefused("a", 4, 9, true), "");
  EXPECT_EQ(order.WhyRefused("a", 4, 9, true), "") << "one revision may fill several messages";
  EXPECT_EQ(order.WhyRefused("a", 9, 9, true), "");
  EXPECT_EQ(order.WhyRefused("a", 9, 9, false), "") << "a heartbeat";
}

TEST(StreamOrderTest, ARevisionThatFallsIsRefused) {
  EXPECT_EQ(StreamOrder(7).WhyRefused("a", 6, 9, true), "revision: 6 comes after 7");
  EXPECT_EQ(StreamOrder(0).WhyRefused("a", -1, 9, true), "revision: -1 comes after 0");
  StreamOrder order(0);
  EXPECT_EQ(order.WhyRefused("a", 8, 9, true), "");
  EXPECT_EQ(order.WhyRefused("a", 7, 9, true), "revision: 7 comes after 8");
}

TEST(StreamOrderTest, ARevisionAboveTheHeadIsRefused) {
  EXPECT_EQ(StreamOrder(0).WhyRefused("a", 5, 4, true),
            "head_revision: 4 is below the revision of the message, 5");
}

TEST(StreamOrderTest, AHistoryThatChangesOrHasNoNameIsRefused) {
  StreamOrder order(0);
  EXPECT_EQ(order.WhyRefused("", 1, 1, true), "store_id: is empty");
  EXPECT_EQ(order.WhyRefused("a", 1, 1, true), "");
  EXPECT_EQ(order.WhyRefused("b", 2, 2, true),
            "store_id: changed from \"a\" to \"b\" within one stream");
}

TEST(StreamOrderTest, AFloodOfEmptyMessagesIsRefused) {
  StreamOrder order(0);
  std::string why;
  int sent = 0;
  for (; why.empty() && sent < 10'000; ++sent) why = order.WhyRefused("a", 1, 1, false);
  EXPECT_GT(sent, 700) << "the heartbeats of an hour may come at once";
  EXPECT_EQ(why.substr(0, 9), "changes: ");
}

}  // namespace
}  // namespace clustr::streaming
