#ifndef CLUSTR_SERVICES_BUNDLES_RULES_SKU_RULE_QUERY_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_SKU_RULE_QUERY_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/caller.h"
#include "services/bundles/index/population.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::rules {

// mining::RuleQuery in the terms of a request: a population and SKUs instead of baskets and items.
// The default asks for the floor, the rules of all baskets at the default thresholds.
struct SkuRuleQuery {
  index::Population population = {};
  mining::Thresholds thresholds = {};
  // Only rules that have all of these products on that side. Ascending.
  std::vector<int64_t> antecedent_skus = {};
  std::vector<int64_t> consequent_skus = {};
  // Leaves out a rule if a simpler one is as good; see mining::RuleQuery.
  bool only_improving = false;
  // True if thresholds.min_support is a default: if too many rules meet it, the least support whose
  // rules fit takes its place.
  bool may_raise_support = true;

  bool operator==(const SkuRuleQuery&) const = default;
};

// Mines all rules that match `query`, in no promised order. `selection` must be that of the query's
// population in `shop`. A product that nobody has bought is in no rule. Takes up to seconds.
//
// RESOURCE_EXHAUSTED with reason RESULT_LIMIT if more than `max_rules` match; its metadata then
// holds a `min_support` that fits, if one was found. With may_raise_support, the rules from that
// support on instead, which costs twice the time; they say so. GoneError soon after `caller` stops
// waiting. The result does not depend on `threads` (at least 1), of which the search uses one per
// 100,000 baskets at most.
absl::StatusOr<SkuRules> MineSkuRules(const index::Snapshot& shop,
                                      const index::Selection& selection, const SkuRuleQuery& query,
                                      int64_t max_rules, const Caller& caller = {},
                                      int threads = 1);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_SKU_RULE_QUERY_H_
