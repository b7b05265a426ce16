#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_RATES_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_RATES_H_

#include <cstdint>

#include "absl/types/span.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/bundle_model/rated_pairs.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::bundle_model {

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
  // `tables` must be those of the snapshot, the selection and the model's shape.
  BundleRates(const index::Snapshot& snapshot, const index::Selection& selection,
              const RateTables& tables, const BundleModel& model)
      : snapshot_(snapshot),
        selection_(selection),
        tables_(tables),
        model_(model),
        per_strength_(model.PurchasesOf(1, ProductsOf({}))) {}

  // A bundle of two or more distinct products, ascending by SKU; scoring::kUnknownItem stands for
  // any product that the shop has never named. Reads the posting list of its rarest product, and
  // that of each product which the tables have not counted before.
  scoring::ScoredBundle Score(absl::Span<const Item> items) const;
  // What the score of the bundle is computed from.
  BundleEvidence EvidenceOf(absl::Span<const Item> items) const { return Count(items).evidence; }
  // The same, reading no baskets: all of them that hold the bundle are `all` and amount to `recent`
  // by their recency, and those of the population are `count`.
  BundleEvidence EvidenceOf(absl::Span<const Item> items, double recent, int64_t all,
                            int64_t count) const;
  // What Score returns for a bundle with this evidence, which `count` baskets of the population
  // hold.
  scoring::ScoredBundle Describe(absl::Span<const Item> items, const BundleEvidence& evidence,
                                 int64_t count, absl::Span<const int64_t> singles) const;

  // No bundle whose share * StrengthOf is at most `strength` has a higher score.
  double Bound(double strength) const;
  // At least the score of a bundle, ascending by SKU, that `count` baskets of the population hold,
  // and whose share * StrengthOf is at most `strength`. Reads no baskets but those that count its
  // products by themselves.
  double Bound(absl::Span<const Item> items, int64_t count, double strength) const;
  double Bound(absl::Span<const Item> items, int64_t count) const {
    return Bound(items, count, tables_.MostOf(count));
  }

  const BundleModel& model() const { return model_; }

 private:
  struct Counted {
    int64_t count = 0;  // Baskets of the population.
    BundleEvidence evidence;
  };

  Counted Count(absl::Span<const Item> items) const;
  // The population's share of the purchases of a bundle that `count` of its baskets and `all` of
  // all baskets hold.
  double ShareOf(int64_t count, double all) const;
  // The evidence without what is counted from the baskets that hold the bundle.
  BundleEvidence ProductsOf(absl::Span<const Item> items) const;

  const index::Snapshot& snapshot_;
  const index::Selection& selection_;
  const RateTables& tables_;
  const BundleModel model_;
  const double per_strength_;  // The purchases that a strength of 1 stands for.
};

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_BUNDLE_RATES_H_
