#include "services/bundles/products/product_scorer.h"

#include <algorithm>
#include <cmath>

namespace clustr::products {
namespace {

void AddLinks(const ProductLinks::Row& row, std::vector<float>* sums) {
  for (size_t i = 0; i < row.targets.size(); ++i) (*sums)[row.targets[i]] += row.weights[i];
}

void RaiseToLinks(const ProductLinks::Row& row, std::vector<float>* maxima) {
  for (size_t i = 0; i < row.targets.size(); ++i) {
    float& maximum = (*maxima)[row.targets[i]];
    maximum = std::max(maximum, row.weights[i]);
  }
}

}  // namespace

std::vector<OwnProduct> SumByProduct(std::vector<OwnProduct> entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const OwnProduct& a, const OwnProduct& b) { return a.product < b.product; });
  std::vector<OwnProduct> sums;
  for (const OwnProduct& entry : entries) {
    if (!sums.empty() && sums.back().product == entry.product) {
      sums.back().times += entry.times;
    } else {
      sums.push_back(entry);
    }
  }
  return sums;
}

float DecayOf(int32_t age_days, double half_life_days) {
  if (half_life_days == 0 || age_days <= 0) return 1;
  return static_cast<float>(std::exp2(-age_days / half_life_days));
}

ProductScorer::ProductScorer(const ProductModel& model, const TaskModel& task)
    : model_(model), task_(task), size_(model.skus.size()) {
  if (task.ranker) ranker_.emplace(model, task);
  if (task.weights.recent_exponent != 0 || task.weights.count_exponent != 0) {
    for (size_t i = 0; i < size_; ++i) {
      factors_.push_back(
          static_cast<float>(std::pow(model.recent[i] + 1.0, task.weights.recent_exponent) /
                             std::pow(model.counts[i] + 5.0, task.weights.count_exponent)));
    }
  }
  if (task.weights.again_exponent != 0) {
    for (const float again : model.again) {
      again_.push_back(static_cast<float>(std::pow(again, task.weights.again_exponent)));
    }
  }
  if (size_ == 0 || (task.weights.popular == 0 && task.weights.common == 0)) return;
  const double recent = *std::max_element(model.recent.begin(), model.recent.end());
  const double count = *std::max_element(model.counts.begin(), model.counts.end());
  for (size_t i = 0; i < size_; ++i) {
    popular_.push_back(
        static_cast<float>((recent > 0 ? task.weights.popular * model.recent[i] / recent : 0) +
                           (count > 0 ? task.weights.common * model.counts[i] / count : 0)));
  }
}

void ProductScorer::Score(const Evidence& evidence, Scratch* scratch,
                          std::vector<float>* scores) const {
  ScoreByFormula(evidence, scratch, scores);
  if (!ranker_) return;
  static const OwnHistory kNoHistory;
  const OwnHistory& history = evidence.history == nullptr ? kNoHistory : *evidence.history;
  ranker_->Rank(evidence.basket, history, *scores, &scratch->ranking);
  ApplyRanking(scratch->ranking, scores);
}

void ProductScorer::ScoreByFormula(const Evidence& evidence, Scratch* scratch,
                                   std::vector<float>* scores) const {
  scores->assign(size_, 0);
  for (const ProductNumber product : evidence.basket) {
    const ProductLinks::Row row = task_.basket_links.row(product);
    if (task_.takes_maximum) {
      RaiseToLinks(row, scores);
    } else {
      AddLinks(row, scores);
    }
  }
  if (!evidence.basket.empty()) {
    for (size_t i = 0; i < factors_.size(); ++i) (*scores)[i] *= factors_[i];
  }
  float peak = 0;
  for (const OwnProduct& own : evidence.own) {
    const float part = OwnPart(own);
    (*scores)[own.product] += part;
    peak = std::max(peak, part);
  }
  if (peak == 0 || !evidence.basket.empty()) peak = 1;
  if (task_.weights.similar != 0 && !evidence.own.empty()) {
    std::vector<float>& similar = scratch->similar;
    similar.assign(size_, 0);
    for (const OwnProduct& own : evidence.own) {
      AddLinks(task_.history_links.row(own.product), &similar);
    }
    const float most = *std::max_element(similar.begin(), similar.end());
    if (most > 0) {
      const float scale = static_cast<float>(task_.weights.similar) * peak / most;
      for (size_t i = 0; i < size_; ++i) (*scores)[i] += scale * similar[i];
    }
  }
  for (size_t i = 0; i < popular_.size(); ++i) (*scores)[i] += peak * popular_[i];
}

float ProductScorer::BasketPart(ProductNumber from, ProductNumber product) const {
  const float weight = task_.basket_links.WeightOf(from, product);
  return factors_.empty() ? weight : weight * factors_[product];
}

float ProductScorer::SimilarPart(ProductNumber from, ProductNumber product) const {
  return static_cast<float>(task_.weights.similar) * task_.history_links.WeightOf(from, product);
}

float ProductScorer::OwnPart(const OwnProduct& own) const {
  if (task_.weights.own == 0) return 0;
  const float times = task_.weights.own_exponent == 1
                          ? own.times
                          : static_cast<float>(std::pow(own.times, task_.weights.own_exponent));
  float part = static_cast<float>(task_.weights.own) * times;
  if (!again_.empty()) part *= again_[own.product];
  return factors_.empty() ? part : part * factors_[own.product];
}

}  // namespace clustr::products
