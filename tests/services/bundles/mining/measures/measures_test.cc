#include "services/bundles/mining/measures/measures.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace clustr::mining {
namespace {

// 100 baskets: A is in 20, C in 40, both are in 15. d = 15 * 100 - 20 * 40 = 700.
constexpr RuleCounts kTogether = {20, 40, 15, 100};
// A and C are seldom together. d = 2 * 100 - 20 * 40 = -600.
constexpr RuleCounts kApart = {20, 40, 2, 100};

TEST(MeasuresTest, MoreOftenTogetherThanByChance) {
  EXPECT_EQ(Support(kTogether), 0.15);
  EXPECT_EQ(Confidence(kTogether), 0.75);
  EXPECT_EQ(Lift(kTogether), 1.875);
  EXPECT_EQ(Leverage(kTogether), 0.07);
  EXPECT_EQ(Conviction(kTogether), 2.4);               // 20 * 60 / (100 * 5)
  EXPECT_EQ(ZhangsMetric(kTogether), 700.0 / 1200.0);  // max(15 * 80, 20 * 25)
  EXPECT_EQ(Jaccard(kTogether), 15.0 / 45.0);
  EXPECT_EQ(Certainty(kTogether), 700.0 / 1200.0);  // 20 * 60
  EXPECT_EQ(Kulczynski(kTogether), 900.0 / 1600.0);
}

TEST(MeasuresTest, ThoseOfOtherLibraries) {
  EXPECT_EQ(AntecedentSupport(kTogether), 0.2);
  EXPECT_EQ(ConsequentSupport(kTogether), 0.4);
  EXPECT_EQ(Representativity(kTogether), 1);
  EXPECT_EQ(Cosine(kTogether), std::sqrt(225.0 / 800.0));
  EXPECT_DOUBLE_EQ(Phi(kTogether), 700 / std::sqrt(20.0 * 40 * 80 * 60));
  EXPECT_EQ(OddsRatio(kTogether), 15.0 * 55 / (5 * 25));
  EXPECT_EQ(AddedValue(kTogether), 700.0 / 2000.0);
  EXPECT_EQ(AllConfidence(kTogether), 15.0 / 40.0);
  EXPECT_DOUBLE_EQ(ChiSquared(kTogether), 100 * 490000.0 / (20.0 * 40 * 80 * 60));
}

TEST(MeasuresTest, ThoseOfOtherLibrariesWithoutBaskets) {
  const RuleCounts none = {};
  EXPECT_EQ(AntecedentSupport(none), 0);
  EXPECT_EQ(ConsequentSupport(none), 0);
  EXPECT_EQ(Representativity(none), 0);
  EXPECT_EQ(Cosine(none), 0);
  EXPECT_EQ(Phi(none), 0);
  EXPECT_EQ(OddsRatio(none), std::nullopt);
  EXPECT_EQ(AddedValue(none), 0);
  EXPECT_EQ(AllConfidence(none), 0);
  EXPECT_EQ(ChiSquared(none), 0);
}

TEST(MeasuresTest, LessOftenTogetherThanByChance) {
  EXPECT_EQ(Lift(kApart), 0.25);
  EXPECT_EQ(Leverage(kApart), -0.06);
  EXPECT_EQ(Conviction(kApart), 1200.0 / 1800.0);
  EXPECT_EQ(ZhangsMetric(kApart), -600.0 / 760.0);  // max(2 * 80, 20 * 38)
  EXPECT_EQ(Certainty(kApart), -0.75);              // 20 * 40
}

TEST(MeasuresTest, IndependentSides) {
  constexpr RuleCounts kIndependent = {20, 40, 8, 100};
  EXPECT_EQ(Lift(kIndependent), 1);
  EXPECT_EQ(Leverage(kIndependent), 0);
  EXPECT_EQ(Conviction(kIndependent), 1);
  EXPECT_EQ(ZhangsMetric(kIndependent), 0);
  EXPECT_EQ(Certainty(kIndependent), 0);
}

TEST(MeasuresTest, ExtremesOfTheirRanges) {
  constexpr RuleCounts kSame = {10, 10, 10, 100};
  EXPECT_EQ(ZhangsMetric(kSame), 1);
  EXPECT_EQ(Certainty(kSame), 1);
  EXPECT_EQ(Kulczynski(kSame), 1);
  EXPECT_EQ(Conviction(kSame), std::nullopt);
  constexpr RuleCounts kNever = {50, 50, 0, 100};
  EXPECT_EQ(ZhangsMetric(kNever), -1);
  EXPECT_EQ(Leverage(kNever), -0.25);
  EXPECT_EQ(Certainty(kNever), -1);
}

TEST(MeasuresTest, QuotientsWithoutDenominatorAreZero) {
  for (const RuleCounts counts : {RuleCounts{0, 0, 0, 0}, RuleCounts{0, 5, 0, 10},
                                  RuleCounts{5, 0, 0, 10}, RuleCounts{0, 0, 0, 10}}) {
    EXPECT_EQ(Support(counts), 0);
    EXPECT_EQ(Confidence(counts), 0);
    EXPECT_EQ(Lift(counts), 0);
    EXPECT_EQ(Leverage(counts), 0);
    EXPECT_EQ(ZhangsMetric(counts), 0);
    EXPECT_EQ(Certainty(counts), 0);
    EXPECT_EQ(Kulczynski(counts), 0);
    EXPECT_EQ(LiftInterval(counts).low, 0);
    EXPECT_EQ(LiftInterval(counts).high, 0);
  }
  EXPECT_EQ(Jaccard({0, 0, 0, 10}), 0);
  constexpr RuleCounts kEveryBasket = {10, 10, 10, 10};
  EXPECT_EQ(ZhangsMetric(kEveryBasket), 0);
  EXPECT_EQ(Certainty(kEveryBasket), 0);
  EXPECT_EQ(Lift(kEveryBasket), 1);
}

// Every count is odd, and the products need more than 64 bits. Each side of the division is rounded
// once, and nothing is lost before.
TEST(MeasuresTest, ProductsBeyondSixtyFourBitsAreExact) {
  constexpr int64_t kN = (int64_t{1} << 40) + 1;
  constexpr RuleCounts kHuge = {(kN - 1) / 2 + 1, (kN - 1) / 2 + 1, (kN - 1) / 4 + 1, kN};
  // With N = 4q + 1: d = (q + 1)(4q + 1) - (2q + 1)^2 = q.
  const double q = static_cast<double>((kN - 1) / 4);
  EXPECT_EQ(Leverage(kHuge), q / std::ldexp(1.0 + std::ldexp(1.0, -39), 80));
  EXPECT_GT(Lift(kHuge), 1 - std::numeric_limits<double>::epsilon());
}

TEST(MeasuresTest, LiftIntervalFollowsItsFormula) {
  const Interval interval = LiftInterval(kTogether);
  const double reach =
      1.959964 * std::sqrt(1.0 / 15 - 1.0 / 20 - 1.0 / 40 + 30.0 / 800 - 1.0 / 100);
  EXPECT_NEAR(interval.low, 1.875 * std::exp(-reach), 1e-12);
  EXPECT_NEAR(interval.high, 1.875 * std::exp(reach), 1e-12);
}

// In doubles, 1/3 - 1/3 - 1/3 + 2/3 - 1/3 is not always 0.
TEST(MeasuresTest, LiftIntervalIsAPointIfNothingCanVary) {
  for (int64_t n = 1; n < 1000; ++n) {
    const Interval interval = LiftInterval({n, n, n, n});
    ASSERT_NEAR(interval.low, 1, 1e-6);
    ASSERT_NEAR(interval.high, 1, 1e-6);
  }
}

}  // namespace
}  // namespace clustr::mining
