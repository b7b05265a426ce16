#ifndef CLUSTR_SERVICES_BUNDLES_RULES_RULE_QUESTION_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_RULE_QUESTION_H_

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

// Which rules are wanted, whatever their order. The default is the floor: all baskets at the
// default thresholds.
struct RuleQuestion {
  index::Population population = {};
  mining::Thresholds thresholds = {};
  // Only rules with all of these on that side; ascending.
  std::vector<int64_t> antecedent_skus = {};
  std::vector<int64_t> consequent_skus = {};

  bool operator==(const RuleQuestion&) const = default;
};

// All rules that answer the question, in no promised order; `selection` is that of its population
// in `shop`. A product that nobody has bought is in no rule. Mines: costs up to seconds.
// RESOURCE_EXHAUSTED with reason RESULT_LIMIT for more than `max_rules`, with a `min_support` that
// fits in the metadata if one was found. GoneError soon after nobody waits for them any more. The
// rules are the same for any number of `threads`, at least 1; the search uses one for each 100,000
// baskets, but no more.
absl::StatusOr<SkuRules> MineAnswer(const index::Snapshot& shop, const index::Selection& selection,
                                    const RuleQuestion& question, int64_t max_rules,
                                    const Caller& caller = {}, int threads = 1);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_RULE_QUESTION_H_
