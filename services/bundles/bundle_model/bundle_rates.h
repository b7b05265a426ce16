#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_RATES_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_RATES_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/bundle_model/recency.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::bundle_model {

using mining::Item;

// Baskets of the average population that are added to a bundle's own when the population's share of
// its purchases is estimated.
inline constexpr double kShareBaskets = 7;
// Below so many baskets, a score rests on all baskets more than on those of the population.
inline constexpr int64_t kMinPopulationBaskets = 30;

// Scores bundles by a BundleModel, from the baskets of one snapshot. The rates are those of all
// baskets; a population p of N' of the N baskets takes the share
//   (n'(B) + k N'/N) / (n(B) + k), with k = kShareBaskets,
// of the purchases of bundle B, which n baskets hold in total and n' in the population. So every
// purchase counts as soon as it is in the snapshot, and small populations are drawn towards all
// baskets. Remembers the counts of products. Not thread-safe; borrows all but the model.
class BundleRates {
 public:
  // O(baskets).
  BundleRates(const index::Snapshot& snapshot, const index::Selection& selection,
              const BundleModel& model);

  // A bundle of two or more distinct products, ascending by SKU; scoring::kUnknownItem stands for
  // any product that the shop has never named. Reads the posting list of its rarest product, and
  // that of each product which was not asked for before.
  scoring::ScoredBundle Score(absl::Span<const Item> items);
  // What the score of the bundle is computed from.
  BundleEvidence EvidenceOf(absl::Span<const Item> items) { return Count(items).evidence; }

  // No bundle that `count` baskets of the population hold has a higher score.
  double Bound(int64_t count) const;

  const BundleModel& model() const { return model_; }

 private:
  struct Counted {
    int64_t count = 0;  // Baskets of the population.
    BundleEvidence evidence;
  };
  struct Single {
    int64_t count = 0;
    double recent = 0;
  };

  Counted Count(absl::Span<const Item> items);
  Single CountSingle(Item item);

  const index::Snapshot& snapshot_;
  const index::Selection& selection_;
  const BundleModel model_;
  const index::Selection everything_;  // Empty if the selection is everything.
  Recency recency_;
  double recent_baskets_ = 0;
  double average_ = 0;  // k N'/N; k for all baskets.
  absl::flat_hash_map<Item, Single> singles_;
};

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_RATES_H_
