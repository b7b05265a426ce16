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
products::TaskModel TaskOf(const Learned& learned, const TrainingLimits& limits) {
  products::TaskModel task;
  task.weights = LineWeights();
  // Whether the rows are still wanted is asked between windows, by another thread.
  auto links = CosineLinks(Thinned(learned.customers, kLinePairs), learned.purchases.skus.size(), 1,
                           limits.max_links, [] { return absl::OkStatus(); });
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

LineRows RowsOf(const Purchases& purchases, const LineWindow& window, const TrainingLimits& limits,
                uint64_t seed) {
  LineRows rows;
  rows.feature_count = kLineFeatureCount;
  const size_t begin = purchases.CountBefore(window.first_day);
  const Learned learned(purchases, begin, window.first_day);
  const TestCases cases = FindTestCases(purchases, begin, purchases.CountBefore(window.end_day),
                                        learned.histories, learned.guest_baskets, seed, kLineCases);
  const products::ProductModel frame = FrameOf(learned);
  const products::TaskModel task = TaskOf(learned, limits);
  const products::ProductScorer scorer(frame, task);
  const products::FeatureMaker features(frame, task);
  const products::LineMaker lines(frame);
  const TestPeriod period = {cases, learned.histories, window.first_day, learned.guest_baskets};
  products::ProductScorer::Scratch scratch;
  products::Ranking& ranking = scratch.ranking;
  std::vector<float> scores;
  for (const NextBasketCase& one : cases.next_basket) {
    const CustomerEvidence customer = EvidenceOf(task, period, one.customer);
    scorer.ScoreByFormula({{}, customer.own}, &scratch, &scores);
    ranking.chooser.Choose(scores, {}, products::kRankedProducts, &ranking.candidates);
    features.Make({{}, customer.history, scores, ranking.candidates}, &ranking.feature_scratch,
                  &ranking.features);
    lines.Make(ranking.candidates, ranking.features, &ranking.line_features);
    AddRows(ranking.candidates, one.bought, ranking.line_features, &rows);
  }
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
  std::vector<LineRows> rows(windows.size());
  absl::Status status =
      ForEachPart(windows.size(), threads, wanted, [&](size_t part, size_t /*worker*/) {
        rows[part] = RowsOf(purchases, windows[part], limits, seed);
      });
  if (!status.ok()) return status;
  return rows;
}

}  // namespace clustr::training
