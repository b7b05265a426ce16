#include "services/bundles/scoring/bundle_search.h"

#include <algorithm>
#include <utility>

#include "services/bundles/scoring/best_bundles.h"
#include "services/bundles/scoring/bundle_space.h"
#include "services/bundles/scoring/strength_bound.h"

namespace clustr::scoring {

using index::Selection;
using index::Snapshot;

namespace {

bool AlwaysWorth(absl::Span<const Item>) { return true; }

}  // namespace

absl::StatusOr<std::vector<ScoredBundle>> RecommendBundles(const Snapshot& snapshot,
                                                           const Selection& selection,
                                                           const ReferencePairs& reference,
                                                           const BundleQuery& query,
                                                           Wanted wanted) {
  BundleSpace space(snapshot, selection, query);
  if (space.empty()) return std::vector<ScoredBundle>();
  const PairStrengths* strengths = &reference.strengths;
  PairStrengths rarer;
  if (space.min_count() < reference.min_count) {
    absl::StatusOr<PairStrengths> computed =
        ComputeStrengths(snapshot, selection, reference.maxima, space.min_count(), space.allowed());
    if (!computed.ok()) return computed.status();
    rarer = *std::move(computed);
    strengths = &rarer;
  }
  if (absl::Status still = wanted(); !still.ok()) return still;

  // Every pair that a bundle can have now has a strength, so products without one are left out.
  strengths->KeepPaired(space.allowed());
  BestBundles best(snapshot, *strengths, query.limit, query.max_overlap);
  const StrengthBound bound(*strengths, snapshot.item_count());
  const auto offer = [&](absl::Span<const Item> items, int64_t count) {
    best.Offer(items, count);
    return true;
  };
  const auto worth = [&](absl::Span<const Item> items) {
    return best.HasRoomFor(bound.OfLarger(items, static_cast<size_t>(query.max_items)));
  };
  do {
    // Pairs come first: they have the best scores, so most larger bundles can then be pruned.
    if (query.min_items <= 2) {
      if (absl::Status met = space.Walk({2, 2}, wanted, AlwaysWorth, offer); !met.ok()) return met;
    }
    const BundleSizes larger = {std::max(query.min_items, 3), query.max_items};
    if (larger.min <= larger.max) {
      if (absl::Status met = space.Walk(larger, wanted, worth, offer); !met.ok()) return met;
    }
  } while (best.NeedsAnotherRound());

  std::vector<ScoredBundle> bundles;
  for (Candidate& candidate : best.Take()) {
    std::vector<int64_t> singles;
    for (Item item : candidate.items) singles.push_back(space.single_counts()[item]);
    bundles.push_back(DescribeBundle(snapshot, std::move(candidate.items), candidate.score,
                                     candidate.count, singles, selection.basket_count));
  }
  return bundles;
}

absl::StatusOr<size_t> CountBundles(const Snapshot& snapshot, const Selection& selection,
                                    const BundleQuery& query, Wanted wanted) {
  size_t found = 0;
  const absl::Status walked =
      BundleSpace(snapshot, selection, query)
          .Walk({query.min_items, query.max_items}, wanted, AlwaysWorth,
                [&](absl::Span<const Item>, int64_t) { return ++found < query.limit; });
  if (!walked.ok() && !absl::IsResourceExhausted(walked)) return walked;
  return found;
}

}  // namespace clustr::scoring
