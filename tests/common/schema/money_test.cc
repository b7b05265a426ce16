#include "common/schema/money.h"

#include <cmath>
#include <limits>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::schema {
namespace {

using ::testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(MoneyTest, TakesTheCentThatIsMeant) {
  EXPECT_EQ(CentsOf(0.1 + 0.2), 30);
  EXPECT_EQ(CentsOf(0), 0);
  EXPECT_EQ(CentsOf(0.01), 1);
  EXPECT_EQ(CentsOf(19.99), 1999);
  EXPECT_EQ(CentsOf(1.1 * 3), 330);
  EXPECT_EQ(CentsOf(9'999'999'999.99), kMoneyLimitCents - 1);
}

TEST(MoneyTest, MinusZeroIsZero) {
  EXPECT_EQ(CentsOf(-0.0), 0);
  EXPECT_FALSE(std::signbit(AmountOf(*CentsOf(-0.0))));
}

TEST(MoneyTest, AThousandthOfACentIsTheLimit) {
  for (const double cent : {0.0, 0.01, 12.34, 99'999.99, 1'234'567.89, 9'999'999'998.0}) {
    // Above 10^9, adjacent doubles are 2e-7 to 2e-6 apart, so keep a larger distance from the
    // limit.
    EXPECT_TRUE(CentsOf(cent + 0.000007).has_value()) << cent;
    EXPECT_FALSE(CentsOf(cent + 0.000013).has_value()) << cent;
    EXPECT_FALSE(CentsOf(cent + 0.005).has_value()) << cent;
  }
  EXPECT_EQ(CentsOf(12.3399931), 1234);
  EXPECT_EQ(CentsOf(12.3399869), std::nullopt);
}

TEST(MoneyTest, JustBelowZeroIsZeroAndMoreIsRefused) {
  EXPECT_EQ(CentsOf(-0.000009), 0);
  EXPECT_EQ(CentsOf(-0.00002), std::nullopt);
  EXPECT_EQ(CentsOf(-0.01), std::nullopt);
}

TEST(MoneyTest, RefusesWhatIsNoAmount) {
  for (const double amount : {kNan, kInfinity, -kInfinity}) {
    EXPECT_EQ(CentsOf(amount), std::nullopt);
    EXPECT_THAT(WhyNotMoney(amount), HasSubstr("is not an amount"));
  }
}

TEST(MoneyTest, RefusesTenBillionAndMore) {
  for (const double amount : {1e10, std::nextafter(1e10, 0), 1e10 + 0.01, 2e10, 1e15, 1e300,
                              std::numeric_limits<double>::max()}) {
    EXPECT_EQ(CentsOf(amount), std::nullopt) << amount;
    EXPECT_THAT(WhyNotMoney(amount), HasSubstr("is too large; give less than 10000000000"));
  }
}

TEST(MoneyTest, SaysWhatIsWrongAndWhatToGive) {
  EXPECT_EQ(WhyNotMoney(12.5), "");
  EXPECT_EQ(WhyNotMoney(-1), "-1 is below 0; give at least 0");
  EXPECT_EQ(WhyNotMoney(-1e300), "-1e+300 is below 0; give at least 0");
  EXPECT_EQ(WhyNotMoney(0.125), "0.125 has a fraction of a cent; give at most two decimals");
}

TEST(MoneyTest, SaysWhyExactlyWhereItRefuses) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-8, 12);
  for (int i = 0; i < 100'000; ++i) {
    const double amount = std::pow(10, exponent(random)) * (i % 3 == 0 ? -1 : 1);
    EXPECT_EQ(CentsOf(amount).has_value(), WhyNotMoney(amount).empty()) << amount;
  }
}

TEST(MoneyTest, EveryAmountComesBackAsItsNearestDouble) {
  std::mt19937_64 random(11);
  std::uniform_int_distribution<int64_t> any(0, kMoneyLimitCents - 1);
  for (int i = 0; i < 200'000; ++i) {
    const int64_t cents = i < 100'000 ? i : any(random);
    const double amount = AmountOf(cents);
    ASSERT_EQ(CentsOf(amount), cents);
    ASSERT_EQ(amount, std::stod(std::to_string(cents / 100) + "." +
                                std::to_string(100 + cents % 100).substr(1)));
  }
}

TEST(MoneyTest, SumsBeyondTheLimitOfOneAmountAreExact) {
  std::mt19937_64 random(13);
  std::uniform_int_distribution<int64_t> any(int64_t{1} << 40, int64_t{1} << 52);
  for (int i = 0; i < 10'000; ++i) {
    const int64_t cents = any(random);
    EXPECT_EQ(std::llround(AmountOf(cents) * 100.0L), cents);
    EXPECT_EQ(AmountOfSum(cents), AmountOf(cents));
  }
}

TEST(MoneyTest, SumsBeyondWhatADoubleCountsAreTheNearestDouble) {
  std::mt19937_64 random(17);
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t whole = random() >> (i % 10);
    const int rest = i % 100;
    EXPECT_EQ(AmountOfSum(absl::int128(absl::uint128(whole)) * 100 + rest),
              std::stod(std::to_string(whole) + (rest < 10 ? ".0" : ".") + std::to_string(rest)));
  }
}

}  // namespace
}  // namespace clustr::schema
