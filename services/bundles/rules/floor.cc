#include "services/bundles/rules/floor.h"

#include "services/bundles/rules/rule_filter.h"

namespace clustr::rules {

bool WithinFloor(const SkuRuleQuery& query) {
  const mining::Thresholds& t = query.thresholds;
  const mining::Thresholds floor;
  return query.population == index::Population() && !query.only_improving &&
         t.min_support >= floor.min_support && t.min_confidence >= floor.min_confidence &&
         t.min_lift >= floor.min_lift && t.min_count >= floor.min_count &&
         t.max_items <= floor.max_items;
}

SkuRules AnswerFromFloor(const SkuRules& floor, const SkuRuleQuery& query) {
  return FilterRules(floor, query);
}

}  // namespace clustr::rules
