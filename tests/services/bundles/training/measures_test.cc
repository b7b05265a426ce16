#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/training/ranking_measures.h"
#include "services/bundles/training/tuning.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

using ::testing::ElementsAre;

TEST(RankingMeasuresTest, AgreeWithTheirDefinitions) {
  ForEachSeed(40, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    const size_t products = 1 + random() % 40;
    RankingMeasurement measurement(products);
    std::set<ProductNumber> shown;
    double ndcg = 0, recall = 0, hit = 0, mrr = 0;
    const int cases = 1 + static_cast<int>(random() % 5);
    for (int i = 0; i < cases; ++i) {
      std::vector<float> scores(products);
      for (float& score : scores) score = static_cast<float>(random() % 6);
      std::vector<ProductNumber> wanted, excluded, ranked;
      for (ProductNumber p = 0; p < products; ++p) {
        const uint64_t kind = random() % 5;
        if (kind == 0) excluded.push_back(p);
        if (kind == 1) wanted.push_back(p);
        if (kind != 0) ranked.push_back(p);
      }
      std::stable_sort(ranked.begin(), ranked.end(),
                       [&](ProductNumber a, ProductNumber b) { return scores[a] > scores[b]; });
      if (ranked.size() > kTop) ranked.resize(kTop);
      shown.insert(ranked.begin(), ranked.end());
      double gain = 0, ideal = 0, found = 0, best = 0;
      for (size_t place = 0; place < ranked.size(); ++place) {
        if (std::count(wanted.begin(), wanted.end(), ranked[place]) == 0) continue;
        gain += 1 / std::log2(place + 2.0);
        found += 1;
        best = std::max(best, 1 / (place + 1.0));
      }
      for (size_t place = 0; place < std::min<size_t>(10, wanted.size()); ++place) {
        ideal += 1 / std::log2(place + 2.0);
      }
      ndcg += ideal == 0 ? 0 : gain / ideal;
      recall += wanted.empty() ? 0 : found / static_cast<double>(wanted.size());
      hit += found > 0;
      mrr += best;
      measurement.Add(scores, wanted, excluded);
    }
    const RankingMeasures got = measurement.Result();
    EXPECT_NEAR(got.ndcg.value, ndcg / cases, 1e-12);
    EXPECT_NEAR(got.recall.value, recall / cases, 1e-12);
    EXPECT_NEAR(got.hit.value, hit / cases, 1e-12);
    EXPECT_NEAR(got.mrr.value, mrr / cases, 1e-12);
    EXPECT_NEAR(got.quality(), (ndcg + recall + hit + mrr) / 4 / cases, 1e-12);
    EXPECT_NEAR(MeanOf(got.quality_by_case).value, got.quality(), 1e-12);
    EXPECT_NEAR(got.coverage, static_cast<double>(shown.size()) / static_cast<double>(products),
                1e-12);
  });
}

TEST(RankingMeasuresTest, StandardErrorIsThatOfTheMean) {
  EXPECT_EQ(MeanOf({}), Mean());
  EXPECT_EQ(MeanOf({0.5}), (Mean{0.5, 0}));
  const Mean mean = MeanOf({0, 1, 0, 1});
  EXPECT_EQ(mean.value, 0.5);
  EXPECT_NEAR(mean.standard_error, std::sqrt(1.0 / 3 / 4), 1e-15);
}

TEST(ClimbTest, FindsThePeakOnEitherSide) {
  const std::vector<double> values = {1, 2, 3, 4, 5};
  for (const double peak : values) {
    std::vector<double> tried;
    const auto best = Climb(values, 1, [&](double value) -> absl::StatusOr<double> {
      tried.push_back(value);
      return -std::abs(value - peak);
    });
    EXPECT_EQ(*best, peak);
    EXPECT_LE(tried.size(), 5u);
  }
  const auto failed =
      Climb(values, 1, [](double) -> absl::StatusOr<double> { return absl::CancelledError(""); });
  EXPECT_TRUE(absl::IsCancelled(failed.status()));
}

TEST(TopProductsTest, TiesAreOrderedByNumber) {
  EXPECT_THAT(TopProducts({1, 3, 3, 2}, 3, {}), ElementsAre(1, 2, 3));
  EXPECT_THAT(TopProducts({1, 3, 3, 2}, 3, {1}), ElementsAre(2, 3, 0));
  EXPECT_THAT(TopProducts({1}, 0, {}), ElementsAre());
}

TEST(TopProductsTest, AgreesWithSortingAll) {
  ForEachSeed(200, [](uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<float> scores;
    std::vector<ProductNumber> excluded;
    std::vector<ProductNumber> wanted;
    for (ProductNumber product = 0; product < random() % 60; ++product) {
      scores.push_back(static_cast<float>(random() % 7) - 3);
      (random() % 4 == 0 ? excluded : wanted).push_back(product);
    }
    std::stable_sort(wanted.begin(), wanted.end(),
                     [&](ProductNumber a, ProductNumber b) { return scores[a] > scores[b]; });
    const size_t count = random() % 15;
    if (wanted.size() > count) wanted.resize(count);
    EXPECT_EQ(TopProducts(scores, count, excluded), wanted);
  });
}

TEST(RankingMeasurementTest, AppendedPartsMeasureAsOneWhole) {
  RankingMeasurement whole(4);
  RankingMeasurement first(4);
  RankingMeasurement second(4);
  const std::vector<float> scores[] = {{4, 3, 2, 1}, {0, 0, 0, 5}, {1, 2, 3, 4}};
  for (size_t i = 0; i < 3; ++i) {
    const std::vector<ProductNumber> wanted = {static_cast<ProductNumber>(i)};
    whole.Add(scores[i], wanted, {});
    (i < 2 ? first : second).Add(scores[i], wanted, {});
  }
  RankingMeasurement joint(4);
  joint.Append(first);
  joint.Append(second);
  const RankingMeasures a = whole.Result();
  const RankingMeasures b = joint.Result();
  EXPECT_EQ(a.ndcg, b.ndcg);
  EXPECT_EQ(a.recall, b.recall);
  EXPECT_EQ(a.hit, b.hit);
  EXPECT_EQ(a.mrr, b.mrr);
  EXPECT_EQ(a.coverage, b.coverage);
  EXPECT_EQ(a.ndcg_by_case, b.ndcg_by_case);
  EXPECT_EQ(a.quality_by_case, b.quality_by_case);
}

}  // namespace
}  // namespace clustr::training
