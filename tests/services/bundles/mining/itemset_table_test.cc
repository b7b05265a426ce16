#include "services/bundles/mining/itemset_table.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::mining {
namespace {

using ::testing::ElementsAre;

TEST(ItemsetTableTest, KnowsNothingWhenEmpty) { EXPECT_EQ(ItemsetTable().Count({1}), -1); }

TEST(ItemsetTableTest, KeepsTheFirstCountOfASet) {
  ItemsetTable table;
  EXPECT_TRUE(table.Insert({1, 2}, 7));
  EXPECT_FALSE(table.Insert({1, 2}, 8));
  EXPECT_EQ(table.Count({1, 2}), 7);
  table.set_count(0, 9);
  EXPECT_EQ(table.Count({1, 2}), 9);
}

TEST(ItemsetTableTest, FindsEverySetAmongThousands) {
  ItemsetTable table;
  for (Item a = 0; a < 200; ++a) {
    for (Item b = a + 1; b < 200; ++b) ASSERT_TRUE(table.Insert({a, b}, a * 1000 + b));
  }
  EXPECT_EQ(table.size(), 199u * 100);
  for (Item a = 0; a < 200; ++a) {
    EXPECT_EQ(table.Count({a}), -1);
    for (Item b = a + 1; b < 200; ++b) ASSERT_EQ(table.Count({a, b}), a * 1000 + b);
  }
  EXPECT_THAT(table.items(1), ElementsAre(0, 2));
  EXPECT_EQ(table.count(1), 2);
}

}  // namespace
}  // namespace clustr::mining
