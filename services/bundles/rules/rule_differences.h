#ifndef CLUSTR_SERVICES_BUNDLES_RULES_RULE_DIFFERENCES_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_RULE_DIFFERENCES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/bundles/mining/reference/reference_miner.h"
#include "services/bundles/rules/sku_rules.h"

// How served rules are held against those of the reference miner. Pure functions.
namespace clustr::rules {

struct RuleDifferences {
  int64_t count = 0;
  // The first 100 in the order of their sides: as the reference has them, or as they are served
  // where the reference has none, each with the N of its own side.
  std::vector<mining::ReferenceRule> first;
  std::vector<int64_t> basket_counts;  // Of `first`.
};

// Rules that only one side has, or whose four counts differ. `reference` is sorted.
RuleDifferences Compare(const SkuRules& served, const std::vector<mining::ReferenceRule>& reference,
                        int64_t reference_basket_count);

// SHA-256, in hex, over a line `1,2>3 count_a count_b count_ab basket_count` for each rule, by
// rule_id, ties by their sides.
std::string DigestOf(const SkuRules& rules);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_RULE_DIFFERENCES_H_
