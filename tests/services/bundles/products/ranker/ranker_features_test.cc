#include "services/bundles/products/ranker/ranker_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/products/ranker/ranking.h"
#include "tests/services/bundles/products/ranker/random_ranker.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

const double kNothing = std::numeric_limits<double>::quiet_NaN();

// A case, and what it is made from.
struct Case {
  std::vector<ProductNumber> basket;
  std::vector<std::pair<ProductNumber, int32_t>> lines;  // What was bought, and how long ago.
  uint32_t customer_baskets = 0;
  std::vector<float> scores;
};

Case RandomCase(RandomModel* random, size_t size) {
  Case one;
  for (ProductNumber product = 0; product < size; ++product) {
    if (random->Number(0, 3) == 0) one.basket.push_back(product);
    one.scores.push_back(static_cast<float>(random->Number(-2, 6)) / 4);
  }
  for (int64_t i = random->Number(0, 12); i > 0; --i) {
    one.lines.emplace_back(random->Number(0, static_cast<int64_t>(size) - 1),
                           random->Number(0, 200));
  }
  one.customer_baskets = static_cast<uint32_t>(one.lines.size() + 2);
  return one;
}

// The features of one product, written down as ranker_features.h states them.
std::map<std::string, double> Stated(const ProductModel& model, const TaskModel& task,
                                     const Case& one, ProductNumber product) {
  std::map<std::string, double> f;
  double highest = 0;
  for (const float score : one.scores) highest = std::max<double>(highest, score);
  f["task_score"] = one.scores[product];
  f["task_share"] = highest > 0 ? one.scores[product] / highest : 0;

  const bool has_basket = !one.basket.empty();
  double links = 0, strongest = 0, confidences = 0, confidence = 0, confident = 0, customers = 0;
  double popularity = 0, distance = std::numeric_limits<double>::infinity();
  for (const ProductNumber from : one.basket) {
    const double link = task.basket_links.WeightOf(from, product);
    links += link;
    strongest = std::max(strongest, link);
    const double c = task.ranker->confidence.WeightOf(from, product);
    confidences += c;
    confidence = std::max(confidence, c);
    const auto targets = task.ranker->confidence.row(from).targets;
    confident += std::count(targets.begin(), targets.end(), product);
    customers += task.history_links.WeightOf(from, product);
    popularity += std::log(model.counts[from] + 1.0);
    distance = std::min<double>(distance, std::abs(model.skus[from] - model.skus[product]));
  }
  const auto basket_size = static_cast<double>(one.basket.size());
  f["sum_of_links"] = has_basket ? links : kNothing;
  f["strongest_link"] = has_basket ? strongest : kNothing;
  f["sum_of_confidences"] = has_basket ? confidences : kNothing;
  f["highest_confidence"] = has_basket ? confidence : kNothing;
  f["confident_share"] = has_basket ? confident / basket_size : kNothing;
  f["basket_customers"] = has_basket ? customers : kNothing;
  f["basket_size"] = basket_size;
  f["basket_popularity"] = has_basket ? popularity / basket_size : kNothing;
  f["basket_distance"] = has_basket ? std::log2(distance + 1) : kNothing;

  const double count = model.counts[product];
  const double recent = model.recent[product];
  f["log_popularity"] = std::log(count + 1);
  f["log_recent"] = std::log(recent + 1);
  f["trend"] = std::log((recent + 1) / (count + 5));
  f["days_since_first"] = task.ranker->times[product].first_days;
  f["days_since_last"] = task.ranker->times[product].last_days;

  const bool has_history = !one.lines.empty();
  double own = 0, own_recent = 0, own_newest = 0, similar = 0;
  double newest = 1e9, own_first = -1, own_last = 1e9, other = 1e18;
  std::vector<bool> bought(model.skus.size());
  for (const auto& [from, age] : one.lines) {
    newest = std::min<double>(newest, age);
    if (!bought[from]) similar += task.history_links.WeightOf(from, product);
    bought[from] = true;
    if (from == product) {
      own += 1;
      own_recent += std::pow(0.5, age / 45.0);
      own_newest += std::pow(0.5, age / 15.0);
      own_first = std::max<double>(own_first, age);
      own_last = std::min<double>(own_last, age);
    } else {
      other = std::min<double>(other, std::abs(model.skus[from] - model.skus[product]));
    }
  }
  f["own_purchases"] = has_history ? own : kNothing;
  f["own_recent"] = has_history ? own_recent : kNothing;
  f["own_newest"] = has_history ? own_newest : kNothing;
  f["own_days_since_last"] = own > 0 ? own_last : kNothing;
  f["own_interval"] = own > 1 ? (own_first - own_last) / (own - 1) : kNothing;
  f["own_share"] = has_history ? own / one.customer_baskets : kNothing;
  f["customer_baskets"] = has_history ? one.customer_baskets : kNothing;
  f["history_customers"] = has_history ? similar : kNothing;
  f["customer_days"] = has_history ? newest : kNothing;
  f["customer_products"] =
      has_history ? static_cast<double>(std::count(bought.begin(), bought.end(), true)) : kNothing;
  f["history_distance"] = other < 1e18 ? std::log2(other + 1) : kNothing;
  return f;
}

TEST(RankerFeaturesTest, AreThoseThatTheHeaderStates) {
  ForEachSeed(300, [](uint64_t seed) {
    RandomModel random(seed);
    const auto size = static_cast<size_t>(random.Number(2, 12));
    ProductModel model = random.Model(size);
    TaskModel& task = model.completion;
    task.ranker = RandomRanker(&random, size);
    ASSERT_TRUE(ValidateModel(model));
    const Case one = RandomCase(&random, size);
    constexpr int32_t kToday = 1'000;
    std::vector<std::pair<ProductNumber, int32_t>> lines = one.lines;
    for (auto& [product, day] : lines) day = kToday - day;
    const OwnHistory history = {RecordsOf(lines, kToday), one.customer_baskets};
    std::vector<ProductNumber> candidates;
    CandidateChooser().Choose(one.scores, one.basket, kRankedProducts, &candidates);
    FeatureTable table;
    FeatureMaker::Scratch scratch;
    FeatureMaker(model, task).Make({one.basket, history, one.scores, candidates}, &scratch, &table);
    ASSERT_EQ(table.row_count(), candidates.size());
    ASSERT_EQ(table.column_count(), kRankerFeatureCount);
    for (size_t i = 0; i < candidates.size(); ++i) {
      std::vector<float> features;
      table.AppendRow(i, &features);
      auto stated = Stated(model, task, one, candidates[i]);
      ASSERT_EQ(stated.size(), kRankerFeatureCount);
      for (size_t k = 0; k < kRankerFeatureCount; ++k) {
        ASSERT_TRUE(stated.contains(kRankerFeatures[k])) << kRankerFeatures[k];
        const double wanted = stated[kRankerFeatures[k]];
        const double found = features[k];
        EXPECT_EQ(std::isnan(found), std::isnan(wanted)) << kRankerFeatures[k];
        if (!std::isnan(wanted)) {
          EXPECT_NEAR(found, wanted, 1e-5 * std::max(1.0, std::fabs(wanted))) << kRankerFeatures[k];
        }
      }
    }
  });
}

TEST(RankerFeaturesTest, PurchasesAfterTheReferenceDayCountAsOfIt) {
  const std::vector<OwnRecord> records = RecordsOf({{4, 12}, {4, 10}, {2, 5}}, 10);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].product, 2u);
  EXPECT_EQ(records[0].last_days, 5);
  EXPECT_EQ(records[1], (OwnRecord{4, 2, 2, 2, 0, 0}));
}

}  // namespace
}  // namespace clustr::products
