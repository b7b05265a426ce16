#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_GIVEN_RULES_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_GIVEN_RULES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/rules/rule_splitter.h"

namespace clustr::mining {

// Which rules are wanted.
struct GivenRuleOptions {
  const BasketView& baskets;
  const Thresholds& thresholds;
  int64_t basket_count;
  // Items that every rule has in its antecedent and consequent. Ascending and distinct; at least
  // one item in total, and none in both.
  absl::Span<const Item> antecedents;
  absl::Span<const Item> consequents;
  // Query for the itemsets of both sides together, including the given items.
  const ItemsetQuery& itemsets;
  bool by_count = false;  // Whether rules come by descending count_ab; otherwise in any order.
};

// Hands the rules of `options` that meet the thresholds to `sink` until that returns false. Mines
// the baskets that contain all given items, and counts a side that lacks some of them in the
// baskets that contain the others. After a few passes over all baskets, time is proportional to the
// number of itemsets with the given items; all of these are kept. Returns OK, or the status of the
// limit that ended the search. Reentrant.
absl::Status MineGivenRules(const GivenRuleOptions& options, RuleSink sink);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_GIVEN_RULES_H_
