#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_COUNTS_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "services/bundles/bundle_model/recency.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::bundle_model {

using mining::Item;

// What the baskets of one snapshot amount to by their recency, for one half-life. Each product is
// counted by the first caller that asks for it. Thread-safe; borrows the snapshot.
class RecentCounts {
 public:
  // O(baskets).
  RecentCounts(const index::Snapshot& snapshot, double half_life_days);

  const Recency& recency() const { return recency_; }
  // All baskets of the snapshot.
  const index::Selection& everything() const { return everything_; }
  // What all baskets amount to, and those that hold a product; 0 for an unknown one.
  double baskets() const { return baskets_; }
  double Of(Item item) const;
  // What those amount to that hold the product that sells most. The first call counts products in
  // the order of their baskets, until the others can have no more.
  double Most() const;

 private:
  const index::Snapshot& snapshot_;
  const index::Selection everything_;
  const Recency recency_;
  const double baskets_;
  // Units of Recency, indexed by Item; kNotCounted until they are asked for.
  mutable std::vector<std::atomic<uint64_t>> units_;
  mutable std::once_flag most_once_;
  mutable double most_ = 0;
};

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_COUNTS_H_
