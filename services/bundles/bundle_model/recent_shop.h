#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_SHOP_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_SHOP_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/bundles/bundle_model/recent_counts.h"
#include "services/bundles/bundle_model/recent_pairs.h"
#include "services/bundles/index/pairs/pair_table.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::bundle_model {

// What the rates of all populations of one snapshot have in common, for one half-life. Thread-safe.
class RecentShop {
 public:
  // `before`, which may be null, is of an earlier snapshot of the same ShopIndex. If few baskets
  // were added since its pairs were counted, they are not counted again: amounts only fall as time
  // goes on, and a new basket adds at most 1. O(baskets).
  RecentShop(std::shared_ptr<const index::Snapshot> shop, double half_life_days,
             const RecentShop* before = nullptr);

  const index::Snapshot& shop() const { return *shop_; }
  double half_life_days() const { return half_life_days_; }
  const RecentCounts& counts() const { return counts_->counts; }

  // Makes PairBound(a, b) known for all a with items[a] != 0 and b < a. Errors are those of
  // `wanted`.
  absl::Status Prepare(absl::Span<const uint8_t> items, int threads, scoring::Wanted wanted) const;
  // At least what all baskets that hold both products amount to by their recency. a > b, and a was
  // prepared. Infinite if the shop has too many products to tell.
  double PairBound(Item a, Item b) const;

 private:
  // The counts of a snapshot, with what they borrow.
  struct Counts {
    Counts(std::shared_ptr<const index::Snapshot> of, double half_life_days);
    const std::shared_ptr<const index::Snapshot> shop;
    const RecentCounts counts;
    // Unset if there are too many products.
    std::optional<RecentPairs> pairs;
  };

  // Whether the pairs of `base` are bounds here, with the baskets that were added since.
  bool CanBuildOn(const Counts& base) const;

  const std::shared_ptr<const index::Snapshot> shop_;
  const double half_life_days_;
  const std::shared_ptr<const Counts> counts_;
  std::shared_ptr<const Counts> base_;     // Has the pairs. May be of an earlier snapshot.
  std::optional<index::PairTable> added_;  // The pairs in the baskets that it has not.
};

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_SHOP_H_
