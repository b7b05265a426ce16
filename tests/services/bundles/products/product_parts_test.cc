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
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

TEST(PartsOfTest, AddUpToTheScore) {
  ForEachSeed(300, [](uint64_t seed) {
    RandomModel random(seed);
    const auto size = static_cast<size_t>(random.Number(1, 12));
    const ProductModel model = random.Model(size);
    std::vector<ProductNumber> basket;
    std::vector<OwnProduct> own;
    for (ProductNumber product = 0; product < size; ++product) {
      if (random.Number(0, 3) == 0) basket.push_back(product);
      if (random.Number(0, 2) == 0) {
        own.push_back({product, static_cast<float>(random.Real(0.1, 6))});
      }
    }
    for (const TaskModel* task : {&model.completion, &model.next_basket}) {
      std::vector<float> scores;
      ProductScorer::Scratch scratch;
      ProductScorer(model, *task).Score({basket, own}, &scratch, &scores);
      for (ProductNumber product = 0; product < size; ++product) {
        double sum = 0;
        std::map<std::string, double> last;
        for (const TaskPart& part : PartsOf(model, *task, {basket, own}, product)) {
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
