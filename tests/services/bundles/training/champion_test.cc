#include "services/bundles/training/champion.h"

#include <vector>

#include "gtest/gtest.h"

namespace clustr::training {
namespace {

using Values = std::vector<double>;

TEST(ChampionTest, OfThoseThatAreNotTunedTheBestServes) {
  EXPECT_EQ(ChooseChampion({{"a", {0.1, 0.3}}, {"b", {0.4, 0.2}}, {"c", {0, 0}}}), "b");
}

TEST(ChampionTest, OfEqualsTheSimplestServes) {
  EXPECT_EQ(ChooseChampion({{"a", {0.3, 0.1}}, {"b", {0.1, 0.3}}}), "a");
  EXPECT_EQ(ChooseChampion({{"a", {}}, {"b", {}}, {"tuned", {}, true}}), "a")
      << "without cases nothing speaks for more";
  EXPECT_EQ(ChooseChampion({{"a", {0.2}}, {"tuned", {0.2}, true}}), "a");
}

TEST(ChampionTest, TunedOneMustBeClearlyBetter) {
  // Mean gain 0.1; its standard error is 0.1 for these, and 0.01 for those below.
  const Values base = {0.5, 0.5};
  EXPECT_EQ(ChooseChampion({{"a", base}, {"tuned", {0.49, 0.7}, true}}), "a");
  EXPECT_EQ(ChooseChampion({{"a", base}, {"tuned", {0.59, 0.61}, true}}), "tuned");
}

TEST(ChampionTest, TunedOneIsComparedWithTheBestOfTheOthers) {
  EXPECT_EQ(ChooseChampion({{"weak", {0, 0}}, {"strong", {0.6, 0.6}}, {"tuned", {0.5, 0.5}, true}}),
            "strong");
}

TEST(ChampionTest, SpreadOfTheCasesThemselvesDoesNotHideASteadyGain) {
  EXPECT_EQ(ChooseChampion({{"a", {0, 0.5, 0.9}}, {"tuned", {0.1, 0.6, 1}, true}}), "tuned");
}

}  // namespace
}  // namespace clustr::training
