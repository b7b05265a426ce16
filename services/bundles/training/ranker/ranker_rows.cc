#include "services/bundles/training/ranker/ranker_rows.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/bundles/products/product_scorer.h"
#include "services/bundles/products/ranker/ranker_features.h"
#include "services/bundles/products/ranker/ranking.h"
#include "services/bundles/training/test_cases.h"

namespace clustr::training {
namespace {

using products::kRankerFeatureCount;
using products::OwnHistory;

class RowMaker {
 public:
  RowMaker(const products::ProductModel& model, const products::TaskModel& task, uint64_t seed)
      : scorer_(model, task), maker_(model, task), seed_(seed) {
    rows_.feature_count = kRankerFeatureCount;
  }

  // Adds the rows of one basket, of which `hidden` products are hidden.
  void Add(std::vector<ProductNumber> basket, size_t hidden, const CustomerEvidence& customer,
           uint64_t number) {
    // The products in an order that looks random.
    std::sort(basket.begin(), basket.end(), [&](ProductNumber a, ProductNumber b) {
      return Mixed(seed_ ^ Mixed(number ^ Mixed(a))) < Mixed(seed_ ^ Mixed(number ^ Mixed(b)));
    });
    const CustomerEvidence stranger;
    const bool has_history = !customer.history.records.empty();
    for (size_t i = 0; i < std::min(hidden, basket.size()); ++i) {
      std::vector<ProductNumber> others = basket;
      others.erase(others.begin() + static_cast<ptrdiff_t>(i));
      std::sort(others.begin(), others.end());
      AddCase(others, basket[i], stranger, has_history ? 1 : 2);
      if (has_history) AddCase(others, basket[i], customer, 1);
    }
  }

  TreeRows Take() { return std::move(rows_); }

 private:
  void AddCase(const std::vector<ProductNumber>& basket, ProductNumber hidden,
               const CustomerEvidence& customer, float weight) {
    scorer_.ScoreByFormula({basket, customer.own}, &scratch_, &scores_);
    std::vector<ProductNumber>& candidates = scratch_.ranking.candidates;
    scratch_.ranking.chooser.Choose(scores_, basket, products::kRankedProducts, &candidates);
    if (std::find(candidates.begin(), candidates.end(), hidden) == candidates.end()) return;
    ++cases_;
    seen_.clear();
    for (size_t rank = 0; rank < candidates.size(); ++rank) {
      const bool is_hidden = candidates[rank] == hidden;
      const bool always = is_hidden || rank < kAlwaysRows;
      if (!always && Mixed(cases_ ^ Mixed(rank)) % kOthersPerRow != 0) continue;
      seen_.push_back(candidates[rank]);
      rows_.labels.push_back(is_hidden ? 1 : 0);
      rows_.weights.push_back(always ? weight : weight * kOthersPerRow);
    }
    products::FeatureTable& features = scratch_.ranking.features;
    maker_.Make({basket, customer.history, scores_, seen_}, &scratch_.ranking.feature_scratch,
                &features);
    for (size_t row = 0; row < seen_.size(); ++row) features.AppendRow(row, &rows_.features);
  }

  const products::ProductScorer scorer_;
  const products::FeatureMaker maker_;
  const uint64_t seed_;
  products::ProductScorer::Scratch scratch_;
  std::vector<float> scores_;
  std::vector<ProductNumber> seen_;  // The candidates that are rows.
  uint64_t cases_ = 0;
  TreeRows rows_;
};

}  // namespace

absl::StatusOr<TreeRows> CompletionRows(const products::ProductModel& model,
                                        const products::TaskModel& task, const TestPeriod& period,
                                        uint64_t seed, const Wanted& wanted) {
  RowMaker maker(model, task, seed);
  const std::vector<CompletionCase>& cases = period.cases.completion;
  const size_t hidden = std::clamp(kMaxHidden / std::max<size_t>(1, cases.size()), size_t{1},
                                   kHiddenPerBasket);
  uint64_t number = 0;
  for (const CompletionCase& one : cases) {
    if (absl::Status status = wanted(); !status.ok()) return status;
    std::vector<ProductNumber> basket = one.basket;
    basket.push_back(one.hidden);
    maker.Add(std::move(basket), hidden, EvidenceOf(task, period, one.customer), number++);
  }
  return maker.Take();
}

}  // namespace clustr::training
