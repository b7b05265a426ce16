#include "services/bundles/products/ranker/line_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/products/product_scorer.h"
#include "services/bundles/products/ranker/ranking.h"
#include "tests/services/bundles/products/ranker/random_ranker.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

// What a customer bought, and how many days ago.
using Lines = std::vector<std::pair<ProductNumber, int32_t>>;

// A model with a line, and a customer.
struct Case {
  ProductModel model;
  Lines lines;
  OwnHistory history;
  std::vector<OwnProduct> own;
};

Case RandomCase(RandomModel* random, size_t size) {
  Case one;
  one.model = random->Model(size);
  one.model.next_basket.ranker = RandomLine(random, size);
  for (int64_t i = random->Number(1, 14); i > 0; --i) {
    one.lines.emplace_back(random->Number(0, static_cast<int64_t>(size) - 1),
                           random->Number(0, 40));
  }
  std::vector<std::pair<ProductNumber, int32_t>> by_day = one.lines;
  for (auto& [product, day] : by_day) day = 1'000 - day;
  one.history = {RecordsOf(by_day, 1'000), static_cast<uint32_t>(random->Number(14, 20))};
  for (const OwnRecord& record : one.history.records) {
    one.own.push_back({record.product, static_cast<float>(record.baskets)});
  }
  return one;
}

// The features of one product, written down as line_features.h states them, by name. `similar` is
// the sum of its links from the history, `most_similar` the highest of such sums, and `share` its
// score divided by the highest.
std::map<std::string, double> Stated(const Case& one, ProductNumber product, double similar,
                                     double most_similar, double share) {
  double n = 0, r45 = 0, r15 = 0, d = 1e9, oldest = 0, newest_of_all = 1e9;
  for (const auto& [from, age] : one.lines) {
    newest_of_all = std::min<double>(newest_of_all, age);
    if (from != product) continue;
    n += 1;
    r45 += std::pow(2, -age / 45.0);
    r15 += std::pow(2, -age / 15.0);
    d = std::min<double>(d, age);
    oldest = std::max<double>(oldest, age);
  }
  const double baskets = one.history.baskets;
  const double again = one.model.again.empty() ? 1 : one.model.again[product];
  const double sales = std::log(one.model.recent[product] + 1.0);
  const double s = most_similar > 0 ? similar / most_similar : 0;
  const double due = n < 2 ? 0 : std::log((d + 1) / ((oldest - d) / (n - 1) + 1));
  std::map<std::string, double> f;
  f["line_log_recent"] = sales;
  f["log_similar"] = std::log(s + 0.01);
  f["similar"] = s;
  f["log_task_share"] = std::log(share + 0.001);
  if (n == 0) return f;
  f["own_bought"] = 1;
  f["own_log_purchases"] = std::log(n);
  f["own_root_purchases"] = std::sqrt(n);
  f["own_log_recent"] = std::log(r45 + 0.05);
  f["own_log_newest"] = std::log(r15 + 0.02);
  f["own_log_days"] = std::log(d + 1);
  f["own_in_last_basket"] = d == newest_of_all ? 1 : 0;
  f["own_log_days_skipped"] = std::log(d - newest_of_all + 1);
  f["own_log_baskets"] = std::log(baskets);
  f["own_purchases_baskets"] = std::log(n) * std::log(baskets);
  f["own_log_products"] = std::log(static_cast<double>(one.history.records.size()));
  f["own_log_again"] = std::log(again);
  f["own_purchases_again"] = std::log(n) * std::log(again);
  f["own_once"] = n == 1 ? 1 : 0;
  f["own_due"] = due;
  f["own_due_squared"] = due * due;
  f["own_log_sales"] = sales;
  f["own_log_similar"] = f["log_similar"];
  return f;
}

// The scores of a task with a line: those of the formula, and of the candidates by the line.
std::map<ProductNumber, double> StatedScores(const Case& one, const std::vector<float>& plain,
                                             const std::vector<ProductNumber>& candidates) {
  const TaskModel& task = one.model.next_basket;
  std::map<ProductNumber, double> similar;
  double most_similar = 0;
  for (const ProductNumber product : candidates) {
    for (const OwnRecord& own : one.history.records) {
      similar[product] += task.history_links.WeightOf(own.product, product);
    }
    most_similar = std::max(most_similar, similar[product]);
  }
  std::map<ProductNumber, double> scores;
  double all = 0;
  for (const ProductNumber product : candidates) {
    auto features = Stated(one, product, similar[product], most_similar,
                           plain[product] / plain[candidates.front()]);
    double sum = 0;
    for (size_t i = 0; i < kLineFeatureCount; ++i) {
      sum += task.ranker->line[i] * features[kLineFeatures[i]];
    }
    all += scores[product] = std::exp(sum);
  }
  for (auto& [product, score] : scores) score /= all;
  return scores;
}

TEST(LineFeaturesTest, ScoresAreTheSharesThatTheHeadersState) {
  ForEachSeed(300, [](uint64_t seed) {
    RandomModel random(seed);
    // Sometimes more products than are ranked.
    const auto size = static_cast<size_t>(random.Number(2, seed % 10 == 0 ? 250 : 12));
    const Case one = RandomCase(&random, size);
    ASSERT_TRUE(ValidateModel(one.model));
    const ProductScorer scorer(one.model, one.model.next_basket);
    ProductScorer::Scratch scratch;
    std::vector<float> plain, scores;
    scorer.ScoreByFormula({{}, one.own}, &scratch, &plain);
    scorer.Score({{}, one.own, &one.history}, &scratch, &scores);
    std::vector<ProductNumber> candidates;
    CandidateChooser().Choose(plain, {}, kRankedProducts, &candidates);
    const auto stated = StatedScores(one, plain, candidates);
    double lowest = 1;
    for (const auto& [product, score] : stated) {
      EXPECT_NEAR(scores[product], score, 1e-4 * score) << "product " << product;
      lowest = std::min(lowest, score);
    }
    for (ProductNumber product = 0; product < size; ++product) {
      if (stated.contains(product)) continue;
      const double rest = plain[product] > 0 ? lowest / plain[candidates.back()] : 1;
      EXPECT_NEAR(scores[product], plain[product] * rest, 1e-4 * std::fabs(plain[product] * rest));
    }
  });
}

TEST(LineFeaturesTest, WithoutAHistoryTheFormulaScores) {
  RandomModel random(3);
  const Case one = RandomCase(&random, 8);
  const ProductScorer scorer(one.model, one.model.next_basket);
  ProductScorer::Scratch scratch;
  std::vector<float> plain, scores;
  scorer.ScoreByFormula({{}, {}}, &scratch, &plain);
  scorer.Score({{}, one.own, &one.history}, &scratch, &scores);
  scorer.Score({{}, {}}, &scratch, &scores);
  EXPECT_EQ(scores, plain);
  EXPECT_TRUE(scratch.ranking.candidates.empty());
}

TEST(LineFeaturesTest, SharesOfFarApartSumsAreFinite) {
  std::vector<float> shares;
  SharesOf({4'000, 3'999, -4'000}, &shares);
  ASSERT_EQ(shares.size(), 3u);
  EXPECT_NEAR(shares[0], 1 / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_NEAR(shares[0] + shares[1], 1, 1e-6);
  EXPECT_EQ(shares[2], 0);
  SharesOf({}, &shares);
  EXPECT_TRUE(shares.empty());
}

TEST(LineFeaturesTest, LinesThatCannotBeServedAreInvalid) {
  RandomModel random(5);
  const Ranker valid = RandomLine(&random, 3);
  EXPECT_TRUE(ValidRanker(valid, 3));
  EXPECT_FALSE(ValidRanker(valid, 4));
  Ranker ranker = valid;
  ranker.line.pop_back();
  EXPECT_FALSE(ValidRanker(ranker, 3));
  ranker.line.push_back(std::numeric_limits<float>::quiet_NaN());
  EXPECT_FALSE(ValidRanker(ranker, 3));
  ranker.line.back() = 2e6;
  EXPECT_FALSE(ValidRanker(ranker, 3));
  ranker = valid;
  ranker.trees = RandomRanker(&random, 3).trees;
  EXPECT_FALSE(ValidRanker(ranker, 3)) << "trees and a line";
}

}  // namespace
}  // namespace clustr::products
