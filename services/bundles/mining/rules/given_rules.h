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
  // On these sides of every rule: ascending and distinct, at least one together, none on both.
  absl::Span<const Item> antecedents;
  absl::Span<const Item> consequents;
  // Of the itemsets that both sides make, all given items among them.
  const ItemsetQuery& itemsets;
  bool by_count = false;  // Those of the highest count_ab first; else in no promised order.
};

// Hands the rules of `options` that meet the thresholds to `sink` until that returns false. Mines
// the baskets that hold all given items, and counts the sides that lack some of them in the baskets
// that hold the others: time in proportion to the itemsets with the given items, after a few passes
// over all baskets. Keeps those itemsets. The status of a passed limit, or OK. Reentrant.
absl::Status MineGivenRules(const GivenRuleOptions& options, RuleSink sink);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_GIVEN_RULES_H_
