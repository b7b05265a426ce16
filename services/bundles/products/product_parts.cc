#include "services/bundles/products/product_parts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "services/bundles/products/ranker/ranker_features.h"
#include "services/bundles/products/ranker/ranking.h"
#include "services/bundles/products/ranker/tree_shares.h"

namespace clustr::products {
namespace {

constexpr ProductNumber kNone = UINT32_MAX;

// The factors of one product, by the formula of TaskModel.
class TaskFormula {
 public:
  TaskFormula(const ProductModel& model, const TaskModel& task) : model_(model), task_(task) {}

  double Factor(ProductNumber product) const {
    const TaskWeights& weights = task_.weights;
    return std::pow(model_.recent[product] + 1.0, weights.recent_exponent) /
           std::pow(model_.counts[product] + 5.0, weights.count_exponent);
  }
  double Own(const OwnProduct& own) const {
    const TaskWeights& weights = task_.weights;
    if (weights.own == 0) return 0;
    const double again = weights.again_exponent == 0
                             ? 1
                             : std::pow(model_.again[own.product], weights.again_exponent);
    return weights.own * std::pow(own.times, weights.own_exponent) * Factor(own.product) * again;
  }
  double Peak(const Evidence& evidence) const {
    double peak = 0;
    for (const OwnProduct& own : evidence.own) peak = std::max(peak, Own(own));
    return peak == 0 || !evidence.basket.empty() ? 1 : peak;
  }
  // The largest sum of links from the history to any product.
  double MostSimilar(const Evidence& evidence) const {
    std::vector<double> sums(model_.skus.size());
    for (const OwnProduct& own : evidence.own) {
      const ProductLinks::Row row = task_.history_links.row(own.product);
      for (size_t i = 0; i < row.targets.size(); ++i) sums[row.targets[i]] += row.weights[i];
    }
    return sums.empty() ? 0 : *std::max_element(sums.begin(), sums.end());
  }

 private:
  const ProductModel& model_;
  const TaskModel& task_;
};

void SortByAmount(std::vector<TaskPart>::iterator begin, std::vector<TaskPart>::iterator end) {
  std::sort(begin, end, [](const TaskPart& a, const TaskPart& b) {
    const double of_a = std::fabs(a.contribution);
    const double of_b = std::fabs(b.contribution);
    return of_a != of_b ? of_a > of_b : a.from < b.from;
  });
}

// The parts of the score by the formula.
std::vector<TaskPart> FormulaParts(const ProductModel& model, const TaskModel& task,
                                   const Evidence& evidence, ProductNumber product) {
  const TaskFormula formula(model, task);
  const TaskWeights& weights = task.weights;
  std::vector<TaskPart> parts;
  const auto add = [&](const char* feature, ProductNumber from, double value, double amount) {
    if (amount != 0) parts.push_back({feature, from, value, amount});
  };
  const double factor = formula.Factor(product);
  for (const ProductNumber from : evidence.basket) {
    const double weight = task.basket_links.WeightOf(from, product);
    add(kProductFeatures[0], from, weight, weight * factor);
  }
  SortByAmount(parts.begin(), parts.end());
  if (task.takes_maximum) {
    std::erase_if(parts, [](const TaskPart& part) { return part.contribution < 0; });
    if (parts.size() > 1) parts.erase(parts.begin() + 1, parts.end());
  }
  for (const OwnProduct& own : evidence.own) {
    if (own.product == product) add(kProductFeatures[1], product, own.times, formula.Own(own));
  }
  const double peak = formula.Peak(evidence);
  if (weights.similar != 0) {
    const double most = formula.MostSimilar(evidence);
    const auto begin = static_cast<ptrdiff_t>(parts.size());
    for (const OwnProduct& own : evidence.own) {
      const double weight = task.history_links.WeightOf(own.product, product);
      if (most > 0) {
        add(kProductFeatures[2], own.product, weight, weights.similar * peak * weight / most);
      }
    }
    SortByAmount(parts.begin() + begin, parts.end());
  }
  const double recent = *std::max_element(model.recent.begin(), model.recent.end());
  const double count = *std::max_element(model.counts.begin(), model.counts.end());
  if (recent > 0) {
    const double value = model.recent[product] / recent;
    add(kProductFeatures[3], kNone, value, peak * weights.popular * value);
  }
  if (count > 0) {
    const double value = model.counts[product] / count;
    add(kProductFeatures[4], kNone, value, peak * weights.common * value);
  }
  return parts;
}

// The parts of the estimate of the candidate at `place`.
std::vector<TaskPart> RankedParts(const Ranker& ranker, const Ranking& ranking, size_t place) {
  std::vector<float> row;
  ranking.features.AppendRow(place, &row);
  const std::vector<double> shares = TreeShares(ranker.trees, row);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  std::vector<TaskPart> parts;
  for (size_t i = 0; i < kRankerFeatureCount; ++i) {
    if (shares[i] != 0) parts.push_back({kRankerFeatures[i], kNone, row[i], shares[i]});
  }
  parts.push_back({kTreesBase, kNone, shares.back(), shares.back()});
  parts.push_back({kTreesEstimate, kNone, sum, 1 / (1 + std::exp(-sum)) - sum});
  return parts;
}

// The same if a line ranked it.
std::vector<TaskPart> LineParts(const Ranker& ranker, const Ranking& ranking, size_t place) {
  std::vector<float> row;
  ranking.line_features.AppendRow(place, &row);
  std::vector<TaskPart> parts;
  double sum = 0;
  for (size_t i = 0; i < kLineFeatureCount; ++i) {
    const double amount = double{ranker.line[i]} * row[i];
    if (amount != 0) parts.push_back({kLineFeatures[i], kNone, row[i], amount});
    sum += amount;
  }
  parts.push_back({kLineEstimate, kNone, sum, ranking.estimates[place] - sum});
  return parts;
}

}  // namespace

std::vector<TaskPart> PartsOf(const ProductModel& model, const TaskModel& task,
                              const Evidence& evidence, ProductNumber product) {
  if (!task.ranker) return FormulaParts(model, task, evidence, product);
  std::vector<float> scores;
  ProductScorer::Scratch scratch;
  ProductScorer(model, task).Score(evidence, &scratch, &scores);
  const Ranking& ranking = scratch.ranking;
  const auto place = std::find(ranking.candidates.begin(), ranking.candidates.end(), product);
  if (place != ranking.candidates.end()) {
    const auto row = static_cast<size_t>(place - ranking.candidates.begin());
    return task.ranker->line.empty() ? RankedParts(*task.ranker, ranking, row)
                                     : LineParts(*task.ranker, ranking, row);
  }
  std::vector<TaskPart> parts = FormulaParts(model, task, evidence, product);
  if (scores[product] <= 0) return parts;
  for (TaskPart& part : parts) part.contribution *= ranking.rest_factor;
  return parts;
}

}  // namespace clustr::products
