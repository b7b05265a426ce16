#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_TOP_RULES_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_TOP_RULES_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/mining/layout/tid_bitmaps.h"
#include "services/bundles/mining/rules/best_rules.h"
#include "services/bundles/mining/rules/side_limits.h"
#include "services/bundles/mining/search/itemset_search.h"

namespace clustr::mining {

// Which rules are offered.
struct TopRuleOptions {
  const ItemsetSearchOptions& itemsets;
  int64_t min_count;
  int max_items;
  const Thresholds& thresholds;
  int64_t basket_count;  // N, below kMaxBasketsOfBounds.
  SideLimits::Measure measure;
  size_t max_bitmap_bytes = TidBitmaps::kMaxBytes;
};

// Below this number of baskets, the numerators and denominators of measures are exact doubles, so a
// measure that falls with its counts does so bit for bit.
inline constexpr int64_t kMaxBasketsOfBounds = int64_t{1} << 26;

// Offers all rules of `options` that may be among the best to `best`; see SideLimits for the
// measure. Makes rules while the search runs, with one thread: skips sets that cannot make one of
// the best rules, and counts the sides of the others one by one. Keeps no itemset. Returns OK, or
// the status of the limit that ended the search.
absl::Status OfferTopRules(const TopRuleOptions& options, BestRules& best);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_TOP_RULES_H_
