#include "services/bundles/products/product_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

namespace clustr::products {
namespace {

bool IsFinite(double value) { return std::isfinite(value); }

bool ValidLinks(const ProductLinks& links, size_t product_count) {
  if (links.size() != 0 && links.size() != product_count) return false;
  for (ProductNumber source = 0; source < links.size(); ++source) {
    const ProductLinks::Row row = links.row(source);
    if (!row.targets.empty() && row.targets.back() >= product_count) return false;
    if (std::adjacent_find(row.targets.begin(), row.targets.end(), std::greater_equal<>()) !=
        row.targets.end()) {
      return false;
    }
    if (!std::all_of(row.weights.begin(), row.weights.end(), IsFinite)) return false;
  }
  return true;
}

bool ValidTask(const TaskModel& task, size_t product_count) {
  const TaskWeights& w = task.weights;
  const double numbers[] = {w.own,           w.own_exponent, w.own_half_life_days, w.similar,
                            w.popular,       w.common,       w.recent_exponent,    w.count_exponent,
                            w.again_exponent};
  return std::all_of(std::begin(numbers), std::end(numbers), IsFinite) &&
         w.own_half_life_days >= 0 && ValidLinks(task.basket_links, product_count) &&
         ValidLinks(task.history_links, product_count) &&
         (!task.ranker || (ValidRanker(*task.ranker, product_count) &&
                           ValidLinks(task.ranker->confidence, product_count)));
}

bool ValidAgain(const ProductModel& model) {
  if (!UsesAgain(model)) return model.again.empty();
  return model.again.size() == model.skus.size() &&
         std::all_of(model.again.begin(), model.again.end(),
                     [](float value) { return value > 0 && value <= 1; });
}

bool ValidDue(const DueWeights& due) {
  return IsFinite(due.usual_gap_days) && due.usual_gap_days > 0 && IsFinite(due.scale) &&
         due.scale >= 0 && IsFinite(due.exponent) && due.exponent >= 0;
}

}  // namespace

bool UsesAgain(const ProductModel& model) {
  return model.completion.weights.again_exponent != 0 ||
         model.next_basket.weights.again_exponent != 0;
}

bool ValidateModel(const ProductModel& model) {
  const size_t size = model.skus.size();
  return model.counts.size() == size && model.recent.size() == size &&
         std::adjacent_find(model.skus.begin(), model.skus.end(), std::greater_equal<>()) ==
             model.skus.end() &&
         std::all_of(model.recent.begin(), model.recent.end(),
                     [](float value) { return IsFinite(value) && value >= 0; }) &&
         ValidTask(model.completion, size) && ValidTask(model.next_basket, size) &&
         ValidAgain(model) && ValidDue(model.due);
}

}  // namespace clustr::products
