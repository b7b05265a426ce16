#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SCORER_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SCORER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::scoring {

// Scores bundles of the caller's by heuristic-v0, frequent or not: to the bit as RecommendBundles
// does. Remembers what it counted, so that bundles with products in common cost less. For one
// thread; borrows everything.
//
// Bundles are two or more distinct products, ascending by SKU; kUnknownItem, also more than once,
// for products that nobody has heard of.
class BundleScorer {
 public:
  // `reference` is that of the same snapshot and selection.
  BundleScorer(const index::Snapshot& snapshot, const index::Selection& selection,
               const ReferencePairs& reference)
      : snapshot_(snapshot), selection_(selection), reference_(reference) {}

  // Costs the postings of the rarest product, and of those of pairs rarer than the reference pairs.
  ScoredBundle Score(absl::Span<const Item> items);

  // Means over the pairs of the bundle of each measure over its maximum.
  PairMeasures Parts(absl::Span<const Item> items);

 private:
  int64_t Count(Item item);
  int64_t Count(Item a, Item b);
  PairMeasures Measure(Item a, Item b);

  const index::Snapshot& snapshot_;
  const index::Selection& selection_;
  const ReferencePairs& reference_;
  absl::flat_hash_map<Item, int64_t> single_counts_;
  absl::flat_hash_map<std::pair<Item, Item>, int64_t> pair_counts_;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SCORER_H_
