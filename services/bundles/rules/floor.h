#ifndef CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_H_

#include <cstdint>
#include <string>

#include "services/bundles/rules/rule_question.h"
#include "services/bundles/rules/sku_rules.h"

// The floor: the rules of all baskets at the default thresholds, which a server keeps over a
// restart. Pure functions.
namespace clustr::rules {

struct Floor {
  SkuRules rules;
  // The state that it is of, and the histories that these revisions belong to.
  int64_t sales_revision = 0;
  int64_t catalog_revision = 0;
  std::string sales_store_id;
  std::string catalog_store_id;
};

// True if every rule that answers the question is in the floor: no population, and each threshold
// at least as strict as its default.
bool WithinFloor(const RuleQuestion& question);

// The rules of the floor that answer a question within it. Thresholds are compared with the numbers
// that are sent, as everywhere.
SkuRules AnswerFromFloor(const SkuRules& floor, const RuleQuestion& question);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_FLOOR_H_
