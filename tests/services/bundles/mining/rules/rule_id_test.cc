#include "services/bundles/mining/rules/rule_id.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace clustr::mining {
namespace {

// Computed independently of this code, from the text alone.
TEST(RuleIdTest, IsPinned) {
  EXPECT_EQ(RuleId({1, 2}, {3}), 9180075017538475905);  // "1,2>3"
  EXPECT_EQ(RuleId({1}, {2}), 4991880750119759996);
  EXPECT_EQ(RuleId({2}, {1}), 6940938833451999584);
  EXPECT_EQ(RuleId({3}, {1, 2}), 8800611096343073505);
  EXPECT_EQ(RuleId({10, 200, 3000}, {4}), 7181615774830424063);
  EXPECT_EQ(RuleId({INT64_MAX}, {1}), 3067287615425376922);
}

TEST(RuleIdTest, IsPositive) {
  for (int64_t sku = 1; sku < 10'000; ++sku) ASSERT_GT(RuleId({sku}, {sku + 1}), 0);
}

}  // namespace
}  // namespace clustr::mining
