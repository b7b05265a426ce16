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
  EXPECT_EQ(ChooseChampion({{"a", {}}, {"b", {}}, {"tuned", {}, Fitting::kWeights}}), "a")
      << "without cases nothing speaks for more";
  EXPECT_EQ(ChooseChampion({{"a", {0.2}}, {"tuned", {0.2}, Fitting::kWeights}}), "a");
}

TEST(ChampionTest, TunedOneMustBeClearlyBetter) {
  // Mean gain 0.1; its standard error is 0.1 for these, and 0.01 for those below.
  const Values base = {0.5, 0.5};
  EXPECT_EQ(ChooseChampion({{"a", base}, {"tuned", {0.49, 0.7}, Fitting::kWeights}}), "a");
  EXPECT_EQ(ChooseChampion({{"a", base}, {"tuned", {0.59, 0.61}, Fitting::kWeights}}), "tuned");
}

TEST(ChampionTest, TunedOneIsComparedWithTheBestOfTheOthers) {
  EXPECT_EQ(
      ChooseChampion(
          {{"weak", {0, 0}}, {"strong", {0.6, 0.6}}, {"tuned", {0.5, 0.5}, Fitting::kWeights}}),
      "strong");
}

TEST(ChampionTest, SpreadOfTheCasesThemselvesDoesNotHideASteadyGain) {
  EXPECT_EQ(ChooseChampion({{"a", {0, 0.5, 0.9}}, {"tuned", {0.1, 0.6, 1}, Fitting::kWeights}}),
            "tuned");
}

TEST(ChampionTest, WeightsAreComparedAsEqualsOnceTheyAreClearlyBetterThanTheSimpleOne) {
  const Values base = {0.5, 0.5};
  const Contender blend = {"blend", {0.59, 0.61}, Fitting::kWeights};
  // Its gain over the blend is within the standard error.
  EXPECT_EQ(ChooseChampion({{"a", base}, blend, {"line", {0.58, 0.64}, Fitting::kWeights}}),
            "line");
  EXPECT_EQ(ChooseChampion({{"a", base}, blend, {"line", {0.61, 0.59}, Fitting::kWeights}}),
            "blend")
      << "of equals the simplest";
  // Its mean is higher than that of the blend, but not clearly that of what is simple.
  EXPECT_EQ(ChooseChampion({{"a", base}, blend, {"line", {0.4, 0.9}, Fitting::kWeights}}), "blend");
}

TEST(ChampionTest, TreesMustBeClearlyBetterThanTheWeightsThatServe) {
  const Contender simple = {"a", {0.5, 0.5}};
  const Contender blend = {"blend", {0.59, 0.61}, Fitting::kWeights};
  EXPECT_EQ(ChooseChampion({simple, blend, {"trees", {0.58, 0.64}, Fitting::kTrees}}), "blend");
  EXPECT_EQ(ChooseChampion({simple, blend, {"trees", {0.69, 0.7}, Fitting::kTrees}}), "trees");
  EXPECT_EQ(ChooseChampion({simple, {"trees", {0.6, 0.61}, Fitting::kTrees}}), "trees");
}

}  // namespace
}  // namespace clustr::training
