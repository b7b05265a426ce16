#ifndef CLUSTR_SERVICES_BUNDLES_RULES_RULE_DIFFERENCES_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_RULE_DIFFERENCES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/bundles/mining/reference/reference_miner.h"
#include "services/bundles/rules/sku_rules.h"

// Comparison of the served rules with those of the reference miner. Pure functions.
namespace clustr::rules {

struct RuleDifferences {
  int64_t count = 0;
  // The first 100 differences, ordered by the sides of their rules: the rule of the reference, or
  // the served rule where the reference has none. `basket_counts` holds the N that belongs to each.
  std::vector<mining::ReferenceRule> first;
  std::vector<int64_t> basket_counts;
};

// Finds the rules that are in only one of the two lists or whose four counts differ. `reference`
// must be sorted.
RuleDifferences Compare(const SkuRules& served, const std::vector<mining::ReferenceRule>& reference,
                        int64_t reference_basket_count);

// SHA-256, in hex, of one line `1,2>3 count_a count_b count_ab basket_count` per rule, ordered by
// rule_id, ties by their sides.
std::string DigestOf(const SkuRules& rules);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_RULE_DIFFERENCES_H_
