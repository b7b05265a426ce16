#ifndef CLUSTR_SERVICES_BUNDLES_RULES_RULE_FILTER_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_RULE_FILTER_H_

#include <cstddef>

#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/rules/sku_rule_query.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::rules {

// True if a rule with sides of these sizes meets the thresholds. As everywhere, it meets one if the
// number that is sent to clients does. Pure function.
bool MeetsThresholds(const mining::RuleCounts& counts, size_t antecedent_size,
                     size_t consequent_size, const mining::Thresholds& thresholds);

// The rules among `rules` that match `query`, in their order. Ignores the population, and whether
// the support may be raised. only_improving compares a rule with those simpler ones that are in
// `rules`: this is exact if no rule is missing there except for its support, count, confidence,
// lift or size, since a simpler rule with the same consequents that fails one of these would be
// less confident. O(rules), with only_improving O(rules * 2^antecedents). Pure function.
SkuRules FilterRules(const SkuRules& rules, const SkuRuleQuery& query);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_RULE_FILTER_H_
