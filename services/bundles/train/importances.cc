#include "services/bundles/train/importances.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "services/bundles/products/product_parts.h"
#include "services/bundles/products/product_scorer.h"

namespace clustr::bundles {
namespace {

using products::OwnProduct;
using products::ProductNumber;
using products::TaskModel;

constexpr size_t kMaxCases = 200;
constexpr size_t kFirst = 10;

// The products with the highest scores, of equals the lowest number first.
std::vector<ProductNumber> Best(const std::vector<float>& scores) {
  std::vector<ProductNumber> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  const size_t count = std::min(kFirst, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(count), order.end(),
                    [&](ProductNumber a, ProductNumber b) {
                      return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                    });
  order.resize(count);
  return order;
}

void AddTask(const std::string& name, const products::ProductModel& model, const TaskModel& task,
             bool with_basket, const training::Purchases& purchases, v1::Model* info) {
  const size_t begin = purchases.size() - std::min(kMaxCases, purchases.size());
  const training::CustomerHistories before(purchases, begin);
  const products::ProductScorer scorer(model, task);
  products::ProductScorer::Scratch scratch;
  std::vector<float> scores;
  std::map<std::string, double> amounts;
  double total = 0;
  for (size_t i = begin; i < purchases.size(); ++i) {
    const auto bought = purchases.basket(i);
    std::vector<ProductNumber> basket;
    if (with_basket) basket.assign(bought.begin(), bought.end() - 1);
    std::vector<OwnProduct> own;
    products::OwnHistory history;
    if (!before.IsGuest(purchases.customers[i], model.guest_baskets)) {
      own = before.Own(purchases.customers[i], purchases.days[i], task.weights.own_half_life_days);
      if (task.ranker) history = before.History(purchases.customers[i], purchases.days[i]);
    }
    if (basket.empty() && own.empty()) continue;
    const products::Evidence evidence = {basket, own, &history};
    scorer.Score(evidence, &scratch, &scores);
    for (const ProductNumber product : Best(scores)) {
      for (const products::TaskPart& part : PartsOf(model, task, evidence, product)) {
        amounts[part.feature] += std::fabs(part.contribution);
        total += std::fabs(part.contribution);
      }
    }
  }
  std::vector<std::pair<double, std::string>> largest;
  for (const auto& [feature, amount] : amounts) largest.emplace_back(-amount / total, feature);
  std::sort(largest.begin(), largest.end());
  for (const auto& [negated, feature] : largest) {
    v1::FeatureImportance* importance = info->add_importances();
    importance->set_task(name);
    importance->set_feature(feature);
    importance->set_share(-negated);
  }
}

}  // namespace

void AddImportances(const products::ProductModel& model, const training::Purchases& purchases,
                    v1::Model* info) {
  AddTask("products", model, model.completion, true, purchases, info);
  AddTask("next_basket", model, model.next_basket, false, purchases, info);
}

}  // namespace clustr::bundles
