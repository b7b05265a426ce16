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

// Which rules of which itemsets are offered.
struct TopRuleOptions {
  const ItemsetSearchOptions& itemsets;
  int64_t min_count;
  int max_items;
  const Thresholds& thresholds;
  int64_t basket_count;  // N, below kMaxBasketsOfBounds.
  SideLimits::Measure measure;
  size_t max_bitmap_bytes = TidBitmaps::kMaxBytes;
};

// Up to here the numerators and denominators of measures are exact doubles, so that a measure which
// falls with its counts does so bit for bit.
inline constexpr int64_t kMaxBasketsOfBounds = int64_t{1} << 26;

// Offers to `best` all rules of `options` that may be among the best, by a measure as SideLimits
// asks for. Rules are made while the options runs by one thread: sets that cannot give one of the
// best are passed by, and the sides of the others are counted one by one. No itemset is kept. The
// status of a passed limit, or OK.
absl::Status OfferTopRules(const TopRuleOptions& options, BestRules& best);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_TOP_RULES_H_
