#include "services/bundles/mining/measures/support.h"

#include <cmath>
#include <cstdint>
#include <random>

#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::mining {
namespace {

TEST(MinCountTest, MinCountAppliesWhateverTheSupport) {
  EXPECT_EQ(MinCount(0, 100, 3), 3);
  EXPECT_EQ(MinCount(0.5, 100, 3), 50);
  EXPECT_EQ(MinCount(0.5, 0, 3), 3);
  EXPECT_EQ(MinCount(0.5, 100, 1000), 1000);
}

TEST(MinCountTest, RoundsUpBetweenCounts) {
  EXPECT_EQ(MinCount(0.005, 13795, 1), 69);  // 68.975
  EXPECT_EQ(MinCount(1e-300, 10, 1), 1);
  EXPECT_EQ(MinCount(1, 7, 1), 7);
}

// 0.07 * 100 is 7.000000000000001, and 0.29 * 100 is 28.999999999999996.
TEST(MinCountTest, IsExactWhereTheProductIsNot) {
  EXPECT_EQ(MinCount(0.07, 100, 1), 7);
  EXPECT_EQ(MinCount(0.29, 100, 1), 29);
}

TEST(MinCountTest, EqualityMeetsAndTheNextDoubleDoesNot) {
  for (int64_t n = 1; n <= 400; ++n) {
    for (int64_t c = 1; c <= n; ++c) {
      const double share = static_cast<double>(c) / static_cast<double>(n);
      ASSERT_EQ(MinCount(share, n, 1), c) << c << " of " << n;
      ASSERT_EQ(MinCount(std::nextafter(share, 0.0), n, 1), c) << c << " of " << n;
      if (c == n) continue;
      ASSERT_EQ(MinCount(std::nextafter(share, 1.0), n, 1), c + 1) << c << " of " << n;
    }
  }
}

TEST(MinCountTest, IsTheLowestForLargeShops) {
  ForEachSeed(100'000, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const int64_t n = 1 + static_cast<int64_t>(random() % (int64_t{1} << (1 + random() % 50)));
    const double support = std::ldexp(static_cast<double>(random() >> 11), -53);
    const int64_t c = MinCount(support, n, 0);
    ASSERT_GE(static_cast<double>(c) / static_cast<double>(n), support);
    if (c == 0) return;
    ASSERT_LT(static_cast<double>(c - 1) / static_cast<double>(n), support);
  });
}

}  // namespace
}  // namespace clustr::mining
