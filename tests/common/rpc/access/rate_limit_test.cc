#include "common/rpc/access/rate_limit.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace clustr::rpc {
namespace {

using std::chrono::milliseconds;

TEST(RateLimitTest, AllowsASecondsWorthAtOnceAndThenTheRate) {
  RateLimit limit(10);
  SteadyTime now = SteadyNow();
  const auto taken = [&](int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += limit.Take("a", now) ? 1 : 0;
    return count;
  };
  EXPECT_EQ(taken(50), 10);
  now += milliseconds(99);
  EXPECT_EQ(taken(5), 0);
  now += milliseconds(202);
  EXPECT_EQ(taken(5), 3);
  now += std::chrono::hours(1);
  EXPECT_EQ(taken(50), 10);
}

TEST(RateLimitTest, CallersDoNotShare) {
  RateLimit limit(1);
  const SteadyTime now = SteadyNow();
  EXPECT_TRUE(limit.Take("a", now));
  EXPECT_FALSE(limit.Take("a", now));
  EXPECT_TRUE(limit.Take("b", now));
}

TEST(RateLimitTest, TooManyCallersShareOneAllowanceUntilOthersHavePaused) {
  RateLimit limit(1);
  SteadyTime now = SteadyNow();
  for (int i = 0; i < 65'536; ++i) ASSERT_TRUE(limit.Take(absl::StrCat("caller", i), now));
  EXPECT_TRUE(limit.Take("one more", now));
  EXPECT_FALSE(limit.Take("and another", now));
  now += std::chrono::seconds(2);
  EXPECT_TRUE(limit.Take("one more", now));
  EXPECT_TRUE(limit.Take("and another", now));
}

TEST(RateLimitTest, ZeroIsNoLimit) {
  RateLimit limit(0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limit.Take("a", SteadyTime()));
}

}  // namespace
}  // namespace clustr::rpc
