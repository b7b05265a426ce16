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

// Scores given bundles by heuristic-v0, frequent or not. Its scores equal those of RecommendBundles
// to the bit. Remembers its counts, so bundles with products in common cost less. Not thread-safe;
// borrows its arguments.
//
// A bundle consists of two or more distinct products, ascending by SKU. kUnknownItem stands for any
// product that neither sales nor catalog has ever named, and may repeat.
class BundleScorer {
 public:
  // `reference` must be that of the same snapshot and selection.
  BundleScorer(const index::Snapshot& snapshot, const index::Selection& selection,
               const ReferencePairs& reference)
      : snapshot_(snapshot), selection_(selection), reference_(reference) {}

  // Reads the posting list of the rarest product, one for each pair that is not a reference pair,
  // and, unless the selection is everything, one for each product.
  ScoredBundle Score(absl::Span<const Item> items);

  // The quotients of each measure and its maximum, averaged over the pairs of the bundle.
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
