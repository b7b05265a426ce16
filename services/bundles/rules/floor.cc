#include "services/bundles/rules/floor.h"

#include <algorithm>

#include "absl/types/span.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/mining/measures/p_value.h"

namespace clustr::rules {
namespace {

bool HoldsAll(absl::Span<const int64_t> side, const std::vector<int64_t>& wanted) {
  return std::includes(side.begin(), side.end(), wanted.begin(), wanted.end());
}

bool Meets(const SkuRules& rules, size_t i, const SkuRuleQuery& query) {
  const mining::Thresholds& t = query.thresholds;
  const mining::RuleCounts counts = rules.counts(i);
  const size_t left = rules.antecedents(i).size();
  const size_t right = rules.consequents(i).size();
  return counts.count_ab >= t.min_count && mining::Support(counts) >= t.min_support &&
         mining::Confidence(counts) >= t.min_confidence && mining::Lift(counts) >= t.min_lift &&
         left + right <= static_cast<size_t>(t.max_items) &&
         (t.max_consequents == 0 || right <= static_cast<size_t>(t.max_consequents)) &&
         HoldsAll(rules.antecedents(i), query.antecedent_skus) &&
         HoldsAll(rules.consequents(i), query.consequent_skus) &&
         (!t.max_p_value || mining::FisherPValue(counts).value <= *t.max_p_value);
}

}  // namespace

bool WithinFloor(const SkuRuleQuery& query) {
  const mining::Thresholds& t = query.thresholds;
  const mining::Thresholds floor;
  return query.population == index::Population() && !query.only_improving &&
         t.min_support >= floor.min_support && t.min_confidence >= floor.min_confidence &&
         t.min_lift >= floor.min_lift && t.min_count >= floor.min_count &&
         t.max_items <= floor.max_items;
}

SkuRules AnswerFromFloor(const SkuRules& floor, const SkuRuleQuery& query) {
  SkuRules answer(floor.basket_count());
  for (size_t i = 0; i < floor.size(); ++i) {
    if (!Meets(floor, i, query)) continue;
    answer.Add(floor.antecedents(i), floor.consequents(i), floor.counts(i));
  }
  return answer;
}

}  // namespace clustr::rules
