#include "services/bundles/products/ranker/candidates.h"

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

// The candidates by definition: all products, sorted.
std::vector<ProductNumber> Wanted(const std::vector<float>& scores,
                                  const std::vector<ProductNumber>& basket, size_t count) {
  std::vector<ProductNumber> wanted;
  for (ProductNumber product = 0; product < scores.size(); ++product) {
    const bool is_in = std::count(basket.begin(), basket.end(), product) > 0;
    if (scores[product] > 0 && !is_in) wanted.push_back(product);
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [&](ProductNumber a, ProductNumber b) { return scores[a] > scores[b]; });
  if (wanted.size() > count) wanted.resize(count);
  return wanted;
}

// Of few values there are many ties, also at the last place; of many products, groups are used.
TEST(CandidateChooserTest, TakesTheHighestScoresAboveZeroOutsideTheBasket) {
  ForEachSeed(200, [](uint64_t seed) {
    RandomModel random(seed);
    CandidateChooser chooser;
    for (const int64_t most : {40, 400, 4'000}) {
      const auto size = static_cast<size_t>(random.Number(0, most));
      const int64_t values = random.Number(0, 1) == 0 ? 6 : 100'000;
      const int64_t lowest = random.Number(-values, 1);
      const int64_t basket_rate = random.Number(3, 300);
      std::vector<float> scores;
      std::vector<ProductNumber> basket;
      for (ProductNumber product = 0; product < size; ++product) {
        scores.push_back(static_cast<float>(random.Number(lowest, values)) / 4);
        if (random.Number(0, basket_rate) == 0) basket.push_back(product);
      }
      const auto count = static_cast<size_t>(random.Number(0, 300));
      std::vector<ProductNumber> candidates = {7};
      chooser.Choose(scores, basket, count, &candidates);
      EXPECT_EQ(candidates, Wanted(scores, basket, count));
    }
  });
}

// The products with the highest scores all lie in one group.
TEST(CandidateChooserTest, HighScoresMayCrowd) {
  std::vector<float> scores(5'120, 0.5f);
  for (size_t i = 0; i < 10; ++i) scores[i * 512] = 2;
  std::vector<ProductNumber> candidates;
  CandidateChooser().Choose(scores, std::vector<ProductNumber>{512}, 20, &candidates);
  EXPECT_EQ(candidates, Wanted(scores, {512}, 20));
}

}  // namespace
}  // namespace clustr::products
