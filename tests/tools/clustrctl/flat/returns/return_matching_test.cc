#include "tools/clustrctl/flat/returns/return_matching.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::ctl {
namespace {

using ::testing::ElementsAre;

using Lines = std::vector<ReturnableLine>;
using Returns = std::vector<ReturnedUnits>;

std::vector<int64_t> Claims(Lines* lines, Returns* returns) {
  MatchReturns(absl::MakeSpan(*lines), absl::MakeSpan(*returns));
  std::vector<int64_t> claims;
  for (const ReturnableLine& line : *lines) claims.push_back(line.claimed);
  return claims;
}
std::vector<int64_t> Claims(Lines lines, const ReturnedUnits& units) {
  Returns returns = {units};
  return Claims(&lines, &returns);
}

TEST(ReturnMatchingTest, TheLatestEarlierLineWithEnoughUnitsIsClaimed) {
  EXPECT_THAT(Claims({{1, 250, 5}, {2, 250, 5}, {3, 250, 1}, {5, 250, 5}}, {4, 250, 2}),
              ElementsAre(0, 2, 0, 0));
}

TEST(ReturnMatchingTest, ALineOfTheSameDayMatchesAndALaterOneDoesNot) {
  EXPECT_THAT(Claims({{4, 250, 5}}, {4, 250, 2}), ElementsAre(2));
  EXPECT_THAT(Claims({{5, 250, 5}}, {4, 250, 2}), ElementsAre(0));
}

TEST(ReturnMatchingTest, ALineOfTheSamePriceIsPreferred) {
  EXPECT_THAT(Claims({{1, 250, 5}, {2, 300, 5}}, {4, 250, 2}), ElementsAre(2, 0));
  EXPECT_THAT(Claims({{1, 250, 1}, {2, 300, 5}}, {4, 250, 2}), ElementsAre(0, 2));
}

TEST(ReturnMatchingTest, SeveralLinesShareUnitsThatNoneHasAlone) {
  EXPECT_THAT(Claims({{1, 250, 2}, {2, 300, 2}, {3, 250, 2}}, {4, 250, 5}), ElementsAre(2, 1, 2));
}

TEST(ReturnMatchingTest, AReturnIsMatchedAsAWholeOrNotAtAll) {
  Lines lines = {{1, 250, 2}, {2, 300, 2}};
  Returns returns = {{4, 250, 5}, {4, 250, 4}, {4, 250, 1}};
  EXPECT_THAT(Claims(&lines, &returns), ElementsAre(2, 2));
  EXPECT_EQ(returns[0].outcome, ReturnOutcome::kUnmatched);
  EXPECT_EQ(returns[1].outcome, ReturnOutcome::kNew);
  EXPECT_EQ(returns[2].outcome, ReturnOutcome::kUnmatched);
}

TEST(ReturnMatchingTest, RegisteredUnitsAreClaimedFirst) {
  Lines lines = {{1, 250, 5, 2}, {2, 250, 5, 0}};
  Returns returns = {{4, 250, 2}};
  EXPECT_THAT(Claims(&lines, &returns), ElementsAre(2, 0));
  EXPECT_EQ(returns[0].outcome, ReturnOutcome::kRegistered);
}

TEST(ReturnMatchingTest, AReturnWithSomeUnitsRegisteredIsNew) {
  Lines lines = {{1, 250, 5, 1}, {2, 250, 5, 0}};
  Returns returns = {{4, 250, 3}};
  EXPECT_THAT(Claims(&lines, &returns), ElementsAre(1, 2));
  EXPECT_EQ(returns[0].outcome, ReturnOutcome::kNew);
}

TEST(ReturnMatchingTest, AnInterruptedRunIsCompleted) {
  Lines lines = {{1, 250, 1, 0}, {2, 300, 2, 1}};  // The second return was registered alone.
  Returns returns = {{4, 250, 1}, {4, 300, 1}};
  EXPECT_THAT(Claims(&lines, &returns), ElementsAre(1, 1));
  EXPECT_EQ(returns[0].outcome, ReturnOutcome::kNew);
  EXPECT_EQ(returns[1].outcome, ReturnOutcome::kRegistered);
}

// Up to six lines and six returns of one customer and product, sorted by day. If `others`,
// other returns have registered units before.
struct RandomReturns {
  RandomReturns(uint64_t seed, bool others) {
    std::mt19937_64 random(seed);
    const auto below = [&](int n) { return static_cast<int32_t>(random() % n); };
    lines.resize(1 + below(6));
    returns.resize(1 + below(6));
    for (auto& line : lines) {
      line = {below(6), 100 * (1 + below(2)), 1 + below(5)};
      if (others) line.registered = below(static_cast<int>(line.quantity) + 1);
    }
    for (auto& units : returns) units = {below(6), 100 * (1 + below(2)), 1 + below(6)};
    const auto by_day = [](const auto& a, const auto& b) { return a.day < b.day; };
    std::stable_sort(lines.begin(), lines.end(), by_day);
    std::stable_sort(returns.begin(), returns.end(), by_day);
  }

  Lines lines;
  Returns returns;
};

TEST(ReturnMatchingTest, LinesGiveBackWhatTheMatchedReturnsHave) {
  ForEachSeed(3000, [](uint64_t seed) {
    auto [lines, returns] = RandomReturns(seed, /*others=*/seed % 2 == 0);
    const std::vector<int64_t> claimed = Claims(&lines, &returns);
    int64_t units = 0;
    for (size_t i = 0; i < lines.size(); ++i) {
      ASSERT_LE(claimed[i], lines[i].quantity);
      units += claimed[i];
    }
    for (const ReturnedUnits& matched : returns) {
      if (matched.outcome != ReturnOutcome::kUnmatched) units -= matched.quantity;
    }
    ASSERT_EQ(units, 0);
  });
}

TEST(ReturnMatchingTest, MatchingAgainAfterRegisteringAllUnitsChangesNothing) {
  ForEachSeed(3000, [](uint64_t seed) {
    auto [lines, returns] = RandomReturns(seed, /*others=*/seed % 2 == 0);
    Returns again = returns;
    const std::vector<int64_t> claimed = Claims(&lines, &returns);
    for (size_t i = 0; i < lines.size(); ++i) {
      lines[i].registered = std::max(lines[i].registered, claimed[i]);
    }
    EXPECT_EQ(Claims(&lines, &again), claimed);
    for (size_t i = 0; i < returns.size(); ++i) {
      EXPECT_EQ(returns[i].outcome == ReturnOutcome::kUnmatched,
                again[i].outcome == ReturnOutcome::kUnmatched);
      EXPECT_NE(again[i].outcome, ReturnOutcome::kNew);
    }
  });
}

TEST(ReturnMatchingTest, MatchingAgainAfterRegisteringSomeLinesClaimsTheSame) {
  ForEachSeed(3000, [](uint64_t seed) {
    auto [lines, returns] = RandomReturns(seed, /*others=*/false);
    Returns again = returns;
    const std::vector<int64_t> claimed = Claims(&lines, &returns);
    std::mt19937_64 random(seed);
    for (size_t i = 0; i < lines.size(); ++i) {
      if (random() % 2 == 0) lines[i].registered = claimed[i];
    }
    EXPECT_EQ(Claims(&lines, &again), claimed);
  });
}

}  // namespace
}  // namespace clustr::ctl
