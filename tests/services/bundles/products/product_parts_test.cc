#include "services/bundles/products/product_parts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/products/product_scorer.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/services/bundles/products/ranker/random_ranker.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

OwnHistory RandomHistory(RandomModel* random, const std::vector<OwnProduct>& own) {
  OwnHistory history;
  for (const OwnProduct& one : own) {
    const auto age = static_cast<int32_t>(random->Number(0, 100));
    history.records.push_back({one.product, 1, 1, 1, age, age});
  }
  history.baskets = static_cast<uint32_t>(own.size());
  return history;
}

TEST(PartsOfTest, AddUpToTheScore) {
  ForEachSeed(300, [](uint64_t seed) {
    RandomModel random(seed);
    const auto size = static_cast<size_t>(random.Number(1, 12));
    ProductModel model = random.Model(size);
    if (random.Number(0, 1) == 1) model.completion.ranker = RandomRanker(&random, size);
    if (random.Number(0, 1) == 1) model.next_basket.ranker = RandomLine(&random, size);
    std::vector<ProductNumber> basket;
    std::vector<OwnProduct> own;
    for (ProductNumber product = 0; product < size; ++product) {
      if (random.Number(0, 3) == 0) basket.push_back(product);
      if (random.Number(0, 2) == 0) {
        own.push_back({product, static_cast<float>(random.Real(0.1, 6))});
      }
    }
    const OwnHistory history = RandomHistory(&random, own);
    for (const TaskModel* task : {&model.completion, &model.next_basket}) {
      std::vector<float> scores;
      ProductScorer::Scratch scratch;
      ProductScorer(model, *task).Score({basket, own, &history}, &scratch, &scores);
      for (ProductNumber product = 0; product < size; ++product) {
        double sum = 0;
        std::map<std::string, double> last;
        for (const TaskPart& part : PartsOf(model, *task, {basket, own, &history}, product)) {
          sum += part.contribution;
          const double amount = std::fabs(part.contribution);
          if (last.contains(part.feature)) {
            EXPECT_LE(amount, last[part.feature]);
          }
          last[part.feature] = amount;
        }
        // Scores have single precision.
        EXPECT_NEAR(sum, scores[product], 1e-5 * std::max(1.0, std::fabs(sum))) << product;
      }
    }
  });
}

}  // namespace
}  // namespace clustr::products
