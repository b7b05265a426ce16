#include "services/bundles/training/incumbent.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/bundles/products/product_scorer.h"
#include "services/bundles/training/evaluation.h"
#include "services/bundles/training/test_cases.h"

namespace clustr::training {
namespace {

using products::ProductLinks;
using products::ProductModel;
using products::ProductScorer;

constexpr ProductNumber kDropped = UINT32_MAX;

// `numbers` are the new numbers of the old products, which have the same order; `olds` the reverse.
ProductLinks Renumber(const ProductLinks& links, const std::vector<ProductNumber>& numbers,
                      const std::vector<ProductNumber>& olds) {
  if (links.size() == 0) return {};
  ProductLinks renumbered;
  std::vector<ProductNumber> targets;
  std::vector<float> weights;
  for (const ProductNumber old : olds) {
    targets.clear();
    weights.clear();
    const ProductLinks::Row row = old == kDropped ? ProductLinks::Row() : links.row(old);
    for (size_t i = 0; i < row.targets.size(); ++i) {
      if (numbers[row.targets[i]] == kDropped) continue;
      targets.push_back(numbers[row.targets[i]]);
      weights.push_back(row.weights[i]);
    }
    renumbered.AddRow(targets, weights);
  }
  return renumbered;
}

// The sum that Comparison compares.
absl::StatusOr<double> Measure(const ProductModel& model, const TestPeriod& period,
                               const Wanted& wanted) {
  const auto completion = MeasureCompletion(ProductScorer(model, model.completion), period, wanted);
  if (!completion.ok()) return completion.status();
  const auto next_basket =
      MeasureNextBasket(ProductScorer(model, model.next_basket), false, period, wanted);
  if (!next_basket.ok()) return next_basket.status();
  return ComparedSum(*completion, *next_basket);
}

}  // namespace

ProductModel Renumber(const ProductModel& model, const std::vector<int64_t>& skus) {
  ProductModel renumbered = model;
  renumbered.skus = skus;
  renumbered.counts.assign(skus.size(), 0);
  renumbered.recent.assign(skus.size(), 0);
  // No history that the incumbent is given holds what it does not know.
  if (UsesAgain(model)) renumbered.again.assign(skus.size(), 1);
  std::vector<ProductNumber> numbers(model.skus.size(), kDropped);
  std::vector<ProductNumber> olds(skus.size(), kDropped);
  for (ProductNumber old = 0; old < model.skus.size(); ++old) {
    const auto it = std::lower_bound(skus.begin(), skus.end(), model.skus[old]);
    if (it == skus.end() || *it != model.skus[old]) continue;
    numbers[old] = static_cast<ProductNumber>(it - skus.begin());
    olds[numbers[old]] = old;
    renumbered.counts[numbers[old]] = model.counts[old];
    renumbered.recent[numbers[old]] = model.recent[old];
    if (UsesAgain(model)) renumbered.again[numbers[old]] = model.again[old];
  }
  for (auto task : {&ProductModel::completion, &ProductModel::next_basket}) {
    (renumbered.*task).basket_links = Renumber((model.*task).basket_links, numbers, olds);
    (renumbered.*task).history_links = Renumber((model.*task).history_links, numbers, olds);
    if (!(model.*task).ranker) continue;
    const products::Ranker& ranker = *(model.*task).ranker;
    products::Ranker& copy = *(renumbered.*task).ranker;
    copy.confidence = Renumber(ranker.confidence, numbers, olds);
    copy.times.assign(skus.size(), {});
    for (size_t i = 0; i < skus.size(); ++i) {
      if (olds[i] != kDropped) copy.times[i] = ranker.times[olds[i]];
    }
  }
  return renumbered;
}

absl::StatusOr<Comparison> CompareWithIncumbent(const Purchases& purchases,
                                                const TrainedProducts& trained,
                                                const ProductModel& incumbent,
                                                const TrainingOptions& options,
                                                const Wanted& wanted) {
  Comparison comparison;
  const int32_t end_day = purchases.days.back() + 1;
  const int32_t unseen = incumbent.reference_day + (end_day - incumbent.reference_day) / 2;
  comparison.first_day = std::max(trained.split_day, unseen);
  const size_t split = purchases.CountBefore(comparison.first_day);
  if (split == purchases.size()) return comparison;
  const Learned learned(purchases, split, comparison.first_day);
  const TestCases cases = FindTestCases(purchases, split, purchases.size(), learned.histories,
                                        learned.guest_baskets, options.seed, options.max_cases);
  comparison.case_count = cases.completion.size() + cases.next_basket.size();
  if (!comparison.decided()) return comparison;
  const TestPeriod period = {cases, learned.histories, comparison.first_day, learned.guest_baskets,
                             {},    options.threads};
  const auto challenger =
      FitModel(learned, trained.completion.champion, trained.next_basket.champion, trained.settings,
               options.limits, wanted);
  if (!challenger.ok()) return challenger.status();
  const auto of_challenger = Measure(*challenger, period, wanted);
  if (!of_challenger.ok()) return of_challenger.status();
  std::vector<uint8_t> known;
  for (const int64_t sku : purchases.skus) {
    known.push_back(std::binary_search(incumbent.skus.begin(), incumbent.skus.end(), sku));
  }
  TestPeriod incumbents_period = period;
  incumbents_period.known = known;
  const auto of_incumbent = Measure(Renumber(incumbent, purchases.skus), incumbents_period, wanted);
  if (!of_incumbent.ok()) return of_incumbent.status();
  comparison.challenger = *of_challenger;
  comparison.incumbent = *of_incumbent;
  return comparison;
}

}  // namespace clustr::training
