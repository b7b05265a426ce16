#include "services/bundles/scoring/bundle_search.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "services/bundles/scoring/best_bundles.h"
#include "services/bundles/scoring/walk/bundle_space.h"
#include "services/bundles/scoring/walk/bundle_walker.h"
#include "services/bundles/scoring/walk/space_baskets.h"
#include "services/bundles/scoring/walk/step_budget.h"

namespace clustr::scoring {

using index::Selection;
using index::Snapshot;

namespace {

// How many times rarer the pairs are that CountBundles counts next.
constexpr int64_t kRarer = 8;
// Steps to count pairs: for each line, and for each pair in a basket. Both were measured.
constexpr double kStepsPerLine = 20;
constexpr double kStepsPerPair = 20;

// Takes the steps for counting the pairs that the walk over `space` needs, unless they are paid.
bool PayForPairs(const Selection& selection, const ReferencePairs& reference,
                 const BundleSpace& space, CountingBudget* budget) {
  if (space.min_count() >= std::min(reference.min_count, budget->paid_min_count)) return true;
  const bool few = space.has_few_products();
  double lines = 0;
  for (Item item = 0; item < space.allowed().size(); ++item) {
    if (!few || space.allowed()[item]) lines += space.single_counts()[item];
  }
  const double mean_lines =
      lines / static_cast<double>(std::max<int64_t>(1, selection.basket_count));
  const double steps = lines * (kStepsPerLine + kStepsPerPair * mean_lines / 2);
  if (!budget->steps->Take(static_cast<int64_t>(steps))) return false;
  if (!few) budget->paid_min_count = space.min_count();
  return true;
}

// The pairs that the walk over a space needs.
class PairsOf {
 public:
  PairsOf(const Snapshot& snapshot, const Selection& selection, const ReferencePairs& reference,
          RarerPairs* rarer, const BundleSpace& space, Wanted wanted) {
    if (space.min_count() >= reference.min_count) {
      pairs_ = &reference.strengths;
      return;
    }
    // No bundle has a higher confidence than any of its pairs.
    PairBounds bounds = {.min_count = space.min_count(),
                         .min_confidence = space.query().min_confidence};
    kept_ = rarer->Find(bounds);
    if (kept_ == nullptr && space.has_few_products()) {
      bounds.allowed = space.allowed();
      absl::StatusOr<PairStrengths> few =
          ComputeStrengths(snapshot, selection, reference.maxima, bounds, wanted, rarer->work());
      if (few.ok()) kept_ = std::make_shared<const PairStrengths>(*std::move(few));
      status_ = few.status();
    } else if (kept_ == nullptr) {
      const auto all = rarer->Get(snapshot, selection, reference.maxima, bounds, wanted);
      if (all.ok()) kept_ = *all;
      status_ = all.status();
    }
    pairs_ = kept_.get();
  }

  const absl::Status& status() const { return status_; }
  const PairStrengths& operator*() const { return *pairs_; }

 private:
  absl::Status status_;
  std::shared_ptr<const PairStrengths> kept_;
  const PairStrengths* pairs_ = nullptr;
};

// Two bundles with a product in common always overlap too much.
bool SharesNothing(const BundleQuery& query) {
  if (query.overlap_is_preference && !query.anchors.empty()) return false;
  return query.max_overlap && 1.0 / query.max_items > *query.max_overlap;
}

}  // namespace

absl::StatusOr<std::vector<ScoredBundle>> RecommendBundles(
    const Snapshot& snapshot, const Selection& selection, const ReferencePairs& reference,
    RarerPairs* rarer, const BundleQuery& query, Wanted wanted, Overlapping* overlapping) {
  BundleSpace space(snapshot, selection, query, reference.single_counts);
  if (space.empty()) {
    if (overlapping != nullptr) overlapping->emplace();
    return std::vector<ScoredBundle>();
  }
  const PairsOf pairs(snapshot, selection, reference, rarer, space, wanted);
  if (!pairs.status().ok()) return pairs.status();
  if (absl::Status still = wanted(); !still.ok()) return still;

  StepBudget budget(query.max_steps, wanted);
  BestBundles best(snapshot, *pairs, query);
  SpaceBaskets baskets(snapshot, space, *pairs, &budget);
  StrongEdges* const edges = query.anchors.empty() ? &baskets.edges() : nullptr;
  const auto worth = [&](double mean_strength) { return best.HasRoomFor(mean_strength); };
  const auto admits = [&](absl::Span<const Item> items, size_t size) {
    return best.Admits(items, size);
  };
  const BundleWalker::Limits limits = {BundleWalker::Bound::kMean, worth, admits};
  const auto offer = [&](absl::Span<const Item> items, int64_t count) {
    best.Offer(items, count);
    return true;
  };
  const auto described = [&](std::vector<Candidate> candidates) {
    std::vector<ScoredBundle> bundles;
    for (Candidate& candidate : candidates) {
      std::vector<int64_t> singles;
      for (Item item : candidate.items) singles.push_back(space.single_counts()[item]);
      bundles.push_back(DescribeBundle(snapshot, std::move(candidate.items), candidate.score,
                                       candidate.count, singles, selection.basket_count));
    }
    return bundles;
  };
  bool more = false;
  do {
    if (SharesNothing(query)) {
      for (const Candidate& chosen : best.chosen()) {
        for (const Item item : chosen.items) space.Forbid(item);
      }
      if (space.empty()) break;
    }
    const absl::Status walked =
        BundleWalker(space, *pairs, edges, &baskets, &budget, limits, offer).Run();
    if (!walked.ok()) return walked;
    more = best.NeedsAnotherRound();
    if (overlapping != nullptr && query.max_overlap && !*overlapping) {
      *overlapping = described(best.TakeOverlapping());
    }
  } while (more);
  return described(best.Take());
}

absl::StatusOr<size_t> CountBundles(const Snapshot& snapshot, const Selection& selection,
                                    const ReferencePairs& reference, RarerPairs* rarer,
                                    const BundleQuery& query, CountingBudget* budget) {
  // Most often there are enough bundles among the more common ones, whose pairs are fewer.
  size_t most = 0;  // What an earlier round found among fewer bundles.
  for (int64_t least = reference.min_count;; least /= kRarer) {
    BundleQuery common = query;
    common.min_count = std::max(query.min_count, least);
    const BundleSpace space(snapshot, selection, common, reference.single_counts);
    size_t found = 0;
    if (!space.empty()) {
      const bool paid = PayForPairs(selection, reference, space, budget);
      if (absl::IsResourceExhausted(budget->steps->status())) return most;
      if (!paid) return budget->steps->status();
      const PairsOf pairs(snapshot, selection, reference, rarer, space, budget->steps->wanted());
      if (absl::IsResourceExhausted(pairs.status())) return most;
      if (!pairs.status().ok()) return pairs.status();
      SpaceBaskets baskets(snapshot, space, *pairs, budget->steps);
      StrongEdges* const edges = query.anchors.empty() ? &baskets.edges() : nullptr;
      const auto all = [](double) { return true; };
      const auto any = [](absl::Span<const Item>, size_t) { return true; };
      const absl::Status walked =
          BundleWalker(space, *pairs, edges, &baskets, budget->steps,
                       {BundleWalker::Bound::kMean, all, any},
                       [&](absl::Span<const Item>, int64_t) { return ++found < query.limit; })
              .Run();
      if (absl::IsResourceExhausted(walked)) return std::max(found, most);
      if (!walked.ok()) return walked;
      most = found;
    }
    if (found >= query.limit || least <= std::max<int64_t>(1, query.min_count)) return found;
    if (query.min_support > 0 && space.min_count() > least) return found;
  }
}

}  // namespace clustr::scoring
