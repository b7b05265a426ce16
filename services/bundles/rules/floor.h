#ifndef CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_H_

#include <cstdint>
#include <string>

#include "services/bundles/rules/sku_rule_query.h"
#include "services/bundles/rules/sku_rules.h"

// The floor: the rules of all baskets at the default thresholds, which a server keeps across
// restarts. Pure functions.
namespace clustr::rules {

struct Floor {
  SkuRules rules;
  // Revisions of the state that the rules were mined from, and the ids of the stores that these
  // revisions belong to.
  int64_t sales_revision = 0;
  int64_t catalog_revision = 0;
  std::string sales_store_id;
  std::string catalog_store_id;
};

// True if every rule that matches `query` is in the floor: the population is all baskets, and each
// threshold is at least as strict as its default. False with only_improving.
bool WithinFloor(const SkuRuleQuery& query);

// The rules of the floor that match `query`, for which WithinFloor must be true. As everywhere, a
// rule meets a threshold if the number that is sent to clients does.
SkuRules AnswerFromFloor(const SkuRules& floor, const SkuRuleQuery& query);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_H_
