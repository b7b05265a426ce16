#include <algorithm>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/clustrctl/flat/returns/return_matching.h"

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

TEST(ReturnMatchingTest, TheLatestEarlierLineWithEnoughUnitsIsTaken) {
  EXPECT_THAT(Claims({{1, 250, 5}, {2, 250, 5}, {3, 250, 1}, {5, 250, 5}}, {4, 250, 2}),
              ElementsAre(0, 2, 0, 0));
}

TEST(ReturnMatchingTest, TheSameDayIsEarly) {
  EXPECT_THAT(Claims({{4, 250, 5}}, {4, 250, 2}), ElementsAre(2));
  EXPECT_THAT(Claims({{5, 250, 5}}, {4, 250, 2}), ElementsAre(0));
}

TEST(ReturnMatchingTest, ALineOfTheSamePriceIsPreferred) {
  EXPECT_THAT(Claims({{1, 250, 5}, {2, 300, 5}}, {4, 250, 2}), ElementsAre(2, 0));
  EXPECT_THAT(Claims({{1, 250, 1}, {2, 300, 5}}, {4, 250, 2}), ElementsAre(0, 2));
}

TEST(ReturnMatchingTest, SeveralLinesShareWhatNoneHasAlone) {
  EXPECT_THAT(Claims({{1, 250, 2}, {2, 300, 2}, {3, 250, 2}}, {4, 250, 5}), ElementsAre(2, 1, 2));
}

TEST(ReturnMatchingTest, AReturnIsMatchedWholeOrNotAtAll) {
  Lines lines = {{1, 250, 2}, {2, 300, 2}};
  Returns returns = {{4, 250, 5}, {4, 250, 4}, {4, 250, 1}};
  EXPECT_THAT(Claims(&lines, &returns), ElementsAre(2, 2));
  EXPECT_EQ(returns[0].outcome, ReturnOutcome::kUnmatched);
  EXPECT_EQ(returns[1].outcome, ReturnOutcome::kNew);
  EXPECT_EQ(returns[2].outcome, ReturnOutcome::kUnmatched);
}

TEST(ReturnMatchingTest, UnitsThatAreRegisteredAlreadyAreClaimedFirst) {
  Lines lines = {{1, 250, 5, 2}, {2, 250, 5, 0}};
  Returns returns = {{4, 250, 2}};
  EXPECT_THAT(Claims(&lines, &returns), ElementsAre(2, 0));
  EXPECT_EQ(returns[0].outcome, ReturnOutcome::kRegistered);
}

TEST(ReturnMatchingTest, OnlyTheRestIsNewWhereSomeUnitsAreRegistered) {
  Lines lines = {{1, 250, 5, 1}, {2, 250, 5, 0}};
  Returns returns = {{4, 250, 3}};
  EXPECT_THAT(Claims(&lines, &returns), ElementsAre(1, 2));
  EXPECT_EQ(returns[0].outcome, ReturnOutcome::kNew);
}

TEST(ReturnMatchingTest, WhatWasInterruptedGoesOnAsItBegan) {
  Lines lines = {{1, 250, 1, 0}, {2, 300, 2, 1}};  // The second return was registered alone.
  Returns returns = {{4, 250, 1}, {4, 300, 1}};
  EXPECT_THAT(Claims(&lines, &returns), ElementsAre(1, 1));
  EXPECT_EQ(returns[0].outcome, ReturnOutcome::kNew);
  EXPECT_EQ(returns[1].outcome, ReturnOutcome::kRegistered);
}

// What a run registers leads the next one to no change, whatever the lines and returns, also where
// others registered units before; a part of it leads to the whole; and no line ever gives back more
// than it has.
TEST(ReturnMatchingTest, RunAgainItChangesNothing) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int32_t>(random() % n); };
  for (int round = 0; round < 3000; ++round) {
    Lines lines(1 + below(6));
    Returns returns(1 + below(6));
    const bool others = round % 2 == 0;
    for (auto& line : lines) {
      line = {below(6), 100 * (1 + below(2)), 1 + below(5)};
      if (others) line.registered = below(static_cast<int>(line.quantity) + 1);
    }
    for (auto& units : returns) units = {below(6), 100 * (1 + below(2)), 1 + below(6)};
    const auto by_day = [](const auto& a, const auto& b) { return a.day < b.day; };
    std::stable_sort(lines.begin(), lines.end(), by_day);
    std::stable_sort(returns.begin(), returns.end(), by_day);
    Returns first = returns;
    const auto claimed = Claims(&lines, &first);
    int64_t claimed_units = 0;
    for (size_t i = 0; i < lines.size(); ++i) {
      ASSERT_LE(claimed[i], lines[i].quantity);
      claimed_units += claimed[i];
      if (!others) lines[i].registered = below(2) * claimed[i];
    }
    if (!others) {
      Returns interrupted = returns;
      EXPECT_EQ(Claims(&lines, &interrupted), claimed);
    }
    for (size_t i = 0; i < lines.size(); ++i) {
      lines[i].registered = std::max(lines[i].registered, claimed[i]);
    }
    for (const auto& units : first) {
      if (units.outcome != ReturnOutcome::kUnmatched) claimed_units -= units.quantity;
    }
    ASSERT_EQ(claimed_units, 0);
    Returns second = returns;
    EXPECT_EQ(Claims(&lines, &second), claimed);
    for (size_t i = 0; i < returns.size(); ++i) {
      EXPECT_EQ(first[i].outcome == ReturnOutcome::kUnmatched,
                second[i].outcome == ReturnOutcome::kUnmatched);
      EXPECT_NE(second[i].outcome, ReturnOutcome::kNew);
    }
  }
}

}  // namespace
}  // namespace clustr::ctl
