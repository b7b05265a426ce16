#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_RULE_SETS_TWO_RULES_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_RULE_SETS_TWO_RULES_H_

#include <cstdint>
#include <string>

#include "services/bundles/rule_sets/rule_set_file.h"

namespace clustr::bundles {

// A rule set as an import makes it.
inline StoredRuleSet RuleSet(const std::string& name, int rules = 2) {
  StoredRuleSet set;
  set.info.set_name(name);
  set.info.set_basket_count(100);
  set.info.set_rule_count(rules);
  set.content = std::string(32, 'c');
  set.rules = rules::SkuRules(100);
  for (int64_t i = 0; i < rules; ++i) set.rules.Add({{i + 1, i + 5}}, {{i + 3}}, {10, 20, 5, 100});
  return set;
}

}  // namespace clustr::bundles

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_RULE_SETS_TWO_RULES_H_
