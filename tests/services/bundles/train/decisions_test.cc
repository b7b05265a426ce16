// When the server trains on its own, and when it activates what it has trained.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/train/outcome.h"
#include "services/bundles/train/shop_size.h"

namespace clustr::bundles {
namespace {

using ::testing::HasSubstr;

TEST(WorthTrainingTest, NeedsBasketsAndDays) {
  EXPECT_FALSE(WorthTraining({}, {}));
  EXPECT_FALSE(WorthTraining({499, 100, 200}, {}));
  EXPECT_FALSE(WorthTraining({5'000, 100, 112}, {}));
  EXPECT_TRUE(WorthTraining({500, 100, 113}, {}));
}

TEST(WorthTrainingTest, AgainWhenTheShopHasGrownByAFifthOrAWeek) {
  const ShopSize trained = {1'000, 100, 200};
  EXPECT_FALSE(WorthTraining(trained, trained));
  EXPECT_FALSE(WorthTraining({1'199, 100, 206}, trained));
  EXPECT_TRUE(WorthTraining({1'200, 100, 200}, trained));
  EXPECT_TRUE(WorthTraining({1'001, 100, 207}, trained));
  EXPECT_FALSE(WorthTraining({900, 100, 207}, trained)) << "baskets were removed";
}

TEST(WorthTrainingTest, ShopFillsUpWhileMoreThanATwentiethIsNew) {
  EXPECT_TRUE(FillsUp({1'000, 0, 0}, {}));
  EXPECT_TRUE(FillsUp({1'000, 0, 0}, {949, 0, 0}));
  EXPECT_FALSE(FillsUp({1'000, 0, 0}, {950, 0, 0}));
  EXPECT_FALSE(FillsUp({1'000, 0, 0}, {1'000, 0, 0}));
}

// Measures that are all the same.
training::RankingMeasures All(double value) {
  training::RankingMeasures all;
  for (training::Mean* one : {&all.ndcg, &all.recall, &all.hit, &all.mrr}) one->value = value;
  return all;
}

training::TrainedProducts Trained(double completion, double next_basket, size_t cases) {
  training::TrainedProducts trained;
  trained.split_day = 19'000;
  trained.completion = {
      "blend", {{"confidence", All(0.2), {}}, {"blend", All(completion), {}}}, cases};
  trained.next_basket = {
      "blend", {{"heuristic_v0", All(0.1), {}}, {"blend", All(next_basket), {}}}, cases};
  return trained;
}

TEST(OutcomeTest, BetterThanTheHeuristicIsActivated) {
  const Judgement better = JudgeAgainstHeuristic(Trained(0.25, 0.1, 100));
  EXPECT_TRUE(better.better);
  EXPECT_EQ(better.outcome,
            "activated, with 0.3500 against 0.3000 of heuristic-v0 on the days from 2022-01-08 on "
            "(200 cases)");
  const Judgement worse = JudgeAgainstHeuristic(Trained(0.25, 0.01, 100));
  EXPECT_FALSE(worse.better);
  EXPECT_THAT(worse.outcome, HasSubstr("not activated, with 0.2600 against 0.3000"));
  training::TrainedProducts worse_order = Trained(0.21, 0.1, 100);
  worse_order.next_basket.candidates[1].measures.mrr.value = 0.01;
  EXPECT_FALSE(JudgeAgainstHeuristic(worse_order).better)
      << "it finds as many products, but ranks them worse";
  const Judgement few = JudgeAgainstHeuristic(Trained(0.9, 0.9, 10));
  EXPECT_FALSE(few.better);
  EXPECT_THAT(few.outcome, HasSubstr("only 20 cases"));
}

TEST(OutcomeTest, BetterThanTheActiveModelOnEnoughUnseenDaysIsActivated) {
  training::Comparison comparison = {
      .first_day = 19'000, .case_count = 50, .challenger = 0.4, .incumbent = 0.3};
  EXPECT_TRUE(JudgeAgainstModel(comparison, "trained-1").better);
  EXPECT_THAT(JudgeAgainstModel(comparison, "trained-1").outcome, HasSubstr("of trained-1"));
  comparison.incumbent = 0.4;
  EXPECT_FALSE(JudgeAgainstModel(comparison, "trained-1").better) << "equal is not better";
  comparison = {.first_day = 19'000, .case_count = 49, .challenger = 0.4, .incumbent = 0.3};
  EXPECT_FALSE(JudgeAgainstModel(comparison, "trained-1").better);
  EXPECT_THAT(JudgeAgainstModel(comparison, "trained-1").outcome, HasSubstr("only 49 cases"));
}

}  // namespace
}  // namespace clustr::bundles
