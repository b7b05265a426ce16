#include "services/bundles/training/ranker/line_rows.h"

#include <algorithm>
#include <utility>

#include "services/bundles/products/product_scorer.h"
#include "services/bundles/products/ranker/line_features.h"
#include "services/bundles/products/ranker/ranker_features.h"
#include "services/bundles/training/candidates.h"
#include "services/bundles/training/data/workers.h"
#include "services/bundles/training/evaluation.h"
#include "services/bundles/training/links/cosine_links.h"
#include "services/bundles/training/test_cases.h"

namespace clustr::training {
namespace {

using products::kLineFeatureCount;

// Customers between two looks whether the rows are still wanted.
constexpr size_t kCasesOfPart = 16;

// Evenly spread ones of `sets` that have about `max_pairs` pairs of products in all.
ProductSets Thinned(const ProductSets& sets, uint64_t max_pairs) {
  uint64_t pairs = 0;
  for (size_t i = 0; i < sets.size(); ++i) pairs += sets.set(i).size() * sets.set(i).size();
  const uint64_t step = pairs / max_pairs + 1;
  if (step == 1) return sets;
  ProductSets thinned;
  for (size_t i = 0; i < sets.size(); i += step) thinned.Add(sets.set(i));
  return thinned;
}

// The task whose formula chooses what a line ranks; its line is empty.
absl::StatusOr<products::TaskModel> TaskOf(const Learned& learned, const TrainingLimits& limits,
                                           const Wanted& wanted) {
  products::TaskModel task;
  task.weights = LineWeights();
  auto links = CosineLinks(Thinned(learned.customers, kLinePairs), learned.purchases.skus.size(), 1,
                           limits.max_links, wanted);
  if (!links.ok()) return links.status();
  task.history_links = *std::move(links);
  task.ranker = {{}, {}, learned.times, {}};
  return task;
}

// Adds what `line` tells of the candidates of one case.
void AddRows(absl::Span<const ProductNumber> candidates, absl::Span<const ProductNumber> bought,
             const products::FeatureTable& line, LineRows* rows) {
  std::vector<uint8_t> labels;
  for (const ProductNumber product : candidates) {
    labels.push_back(std::binary_search(bought.begin(), bought.end(), product) ? 1 : 0);
  }
  if (std::count(labels.begin(), labels.end(), 1) == 0) return;
  rows->bought.insert(rows->bought.end(), labels.begin(), labels.end());
  for (size_t row = 0; row < labels.size(); ++row) line.AppendRow(row, &rows->features);
  rows->begins.push_back(static_cast<uint32_t>(rows->bought.size()));
}

// Adds the rows of some cases of a period.
class RowMaker {
 public:
  // Borrows both.
  RowMaker(const products::ProductModel& frame, const products::TaskModel& task)
      : task_(task), scorer_(frame, task), features_(frame, task), lines_(frame) {}

  void Add(const TestPeriod& period, const NextBasketCase& one, LineRows* rows) {
    const CustomerEvidence customer = EvidenceOf(task_, period, one.customer);
    products::Ranking& ranking = scratch_.ranking;
    scorer_.ScoreByFormula({{}, customer.own}, &scratch_, &scores_);
    ranking.chooser.Choose(scores_, {}, products::kRankedProducts, &ranking.candidates);
    features_.Make({{}, customer.history, scores_, ranking.candidates}, &ranking.feature_scratch,
                   &ranking.features);
    lines_.Make(ranking.candidates, ranking.features, &ranking.line_features);
    AddRows(ranking.candidates, one.bought, ranking.line_features, rows);
  }

 private:
  const products::TaskModel& task_;
  const products::ProductScorer scorer_;
  const products::FeatureMaker features_;
  const products::LineMaker lines_;
  products::ProductScorer::Scratch scratch_;
  std::vector<float> scores_;
};

// Adds the lists of `part` behind those of `rows`.
void Append(const LineRows& part, LineRows* rows) {
  const auto before = static_cast<uint32_t>(rows->bought.size());
  rows->features.insert(rows->features.end(), part.features.begin(), part.features.end());
  rows->bought.insert(rows->bought.end(), part.bought.begin(), part.bought.end());
  for (size_t i = 1; i < part.begins.size(); ++i) rows->begins.push_back(before + part.begins[i]);
}

absl::StatusOr<LineRows> RowsOf(const Purchases& purchases, const LineWindow& window,
                                const TrainingLimits& limits, uint64_t seed, size_t threads,
                                const Wanted& wanted) {
  const size_t begin = purchases.CountBefore(window.first_day);
  const Learned learned(purchases, begin, window.first_day);
  const TestCases cases = FindTestCases(purchases, begin, purchases.CountBefore(window.end_day),
                                        learned.histories, learned.guest_baskets, seed, kLineCases);
  const products::ProductModel frame = FrameOf(learned);
  const absl::StatusOr<products::TaskModel> task = TaskOf(learned, limits, wanted);
  if (!task.ok()) return task.status();
  const TestPeriod period = {cases, learned.histories, window.first_day, learned.guest_baskets};
  std::vector<RowMaker> makers;
  for (size_t i = 0; i < threads; ++i) makers.emplace_back(frame, *task);
  const std::vector<NextBasketCase>& next = cases.next_basket;
  std::vector<LineRows> parts((next.size() + kCasesOfPart - 1) / kCasesOfPart);
  absl::Status made = ForEachPart(parts.size(), threads, wanted, [&](size_t part, size_t worker) {
    const size_t end = std::min(next.size(), (part + 1) * kCasesOfPart);
    for (size_t i = part * kCasesOfPart; i < end; ++i) {
      makers[worker].Add(period, next[i], &parts[part]);
    }
  });
  if (!made.ok()) return made;
  LineRows rows;
  rows.feature_count = kLineFeatureCount;
  for (const LineRows& part : parts) Append(part, &rows);
  return rows;
}

}  // namespace

std::vector<LineWindow> LineWindowsOf(int32_t first_day, int32_t inner_day, int32_t split_day) {
  const int32_t inner = split_day - inner_day;
  const int32_t length = std::max(1, inner * 3 / 4);
  std::vector<LineWindow> windows;
  for (size_t i = 0; i < kLineWindows; ++i) {
    const int32_t end = split_day - static_cast<int32_t>(i) * std::max(1, inner / 2);
    if ((end - length - first_day) * 5 < split_day - first_day) break;
    windows.push_back({end - length, end});
  }
  return windows;
}

products::TaskWeights LineWeights() {
  return {.own = 1,
          .similar = 0.1,
          .popular = kTieBreak,
          .recent_exponent = 0.5,
          .again_exponent = 0.5};
}

absl::StatusOr<std::vector<LineRows>> NextBasketRows(const Purchases& purchases,
                                                     const std::vector<LineWindow>& windows,
                                                     const TrainingLimits& limits, uint64_t seed,
                                                     size_t threads, const Wanted& wanted) {
  std::vector<LineRows> rows;
  for (const LineWindow& window : windows) {
    absl::StatusOr<LineRows> of_window = RowsOf(purchases, window, limits, seed, threads, wanted);
    if (!of_window.ok()) return of_window.status();
    rows.push_back(*std::move(of_window));
  }
  return rows;
}

}  // namespace clustr::training
