#include "services/bundles/train/bundle_training.h"

#include <atomic>
#include <optional>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tests/services/bundles/training/training_shop.h"

namespace clustr::bundles {
namespace {

using training::kFirstDay;
using training::StructuredBaskets;

// 1,000 baskets on 50 days: the evaluation period are the last 10, the inner one the 8 before it.
TEST(BundleTrainingTest, LearnsWhatTrainBundlesDoes) {
  const training::Purchases purchases =
      training::ReadBaskets(StructuredBaskets(3, 1'000, 50, 30, 40));
  const training::Wanted wanted = [] { return absl::OkStatus(); };
  for (const std::optional<int32_t> split_day : {std::optional<int32_t>(), {kFirstDay + 30}}) {
    training::TrainingOptions options;
    options.split_day = split_day;
    const auto trained = BundleTraining(purchases, options, wanted).Finish();
    const int32_t split = split_day.value_or(kFirstDay + 40);
    const auto wanted_result = training::TrainBundles(
        purchases, split_day ? kFirstDay + 24 : kFirstDay + 32, split, {}, wanted);
    ASSERT_TRUE(trained.ok() && wanted_result.ok());
    EXPECT_GT(trained->case_count, 0u);
    EXPECT_EQ(trained->case_count, wanted_result->case_count);
    EXPECT_EQ(trained->champion, wanted_result->champion);
    ASSERT_EQ(trained->methods.size(), wanted_result->methods.size());
    for (size_t i = 0; i < trained->methods.size(); ++i) {
      EXPECT_EQ(trained->methods[i].measures.ndcg, wanted_result->methods[i].measures.ndcg);
    }
  }
}

TEST(BundleTrainingTest, ReportsThatItIsNotWanted) {
  const training::Purchases purchases =
      training::ReadBaskets(StructuredBaskets(3, 1'000, 50, 30, 40));
  const training::Wanted never = [] { return absl::CancelledError("enough"); };
  EXPECT_TRUE(absl::IsCancelled(BundleTraining(purchases, {}, never).Finish().status()));
}

TEST(BundleTrainingTest, EndsByItselfIfTheResultIsNotAskedFor) {
  const training::Purchases purchases =
      training::ReadBaskets(StructuredBaskets(3, 1'000, 50, 30, 40));
  std::atomic<bool> asked = false;
  const training::Wanted wanted = [&] {
    asked = true;
    return absl::OkStatus();
  };
  { const BundleTraining given_up(purchases, {}, wanted); }
  asked = false;
  const training::Purchases none;
  { const BundleTraining of_nothing(none, {}, wanted); }
  EXPECT_FALSE(asked) << "no thread is left that asks";
}

}  // namespace
}  // namespace clustr::bundles
