#include "services/bundles/rules/rule_filter.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/mining/measures/p_value.h"
#include "services/bundles/rules/sides_index.h"

namespace clustr::rules {
namespace {

bool HoldsAll(absl::Span<const int64_t> side, const std::vector<int64_t>& wanted) {
  return std::includes(side.begin(), side.end(), wanted.begin(), wanted.end());
}

bool Matches(const SkuRules& rules, size_t i, const SkuRuleQuery& query) {
  return MeetsThresholds(rules.counts(i), rules.antecedents(i).size(), rules.consequents(i).size(),
                         query.thresholds) &&
         HoldsAll(rules.antecedents(i), query.antecedent_skus) &&
         HoldsAll(rules.consequents(i), query.consequent_skus);
}

// True unless a simpler rule is at least as confident as rule `i`.
bool Improves(const SkuRules& rules, const SidesIndex& by_sides, size_t i) {
  const absl::Span<const int64_t> antecedents = rules.antecedents(i);
  const double confidence = mining::Confidence(rules.counts(i));
  const uint32_t all = (uint32_t{1} << antecedents.size()) - 1;
  std::vector<int64_t> some;
  for (uint32_t chosen = 1; chosen < all; ++chosen) {
    some.clear();
    for (size_t place = 0; place < antecedents.size(); ++place) {
      if ((chosen >> place & 1) != 0) some.push_back(antecedents[place]);
    }
    const std::optional<uint32_t> simpler = by_sides.Find(some, rules.consequents(i));
    if (simpler && mining::Confidence(rules.counts(*simpler)) >= confidence) return false;
  }
  return true;
}

}  // namespace

bool MeetsThresholds(const mining::RuleCounts& counts, size_t antecedent_size,
                     size_t consequent_size, const mining::Thresholds& t) {
  return counts.count_ab >= t.min_count && mining::Support(counts) >= t.min_support &&
         mining::Confidence(counts) >= t.min_confidence && mining::Lift(counts) >= t.min_lift &&
         antecedent_size + consequent_size <= static_cast<size_t>(t.max_items) &&
         (t.max_consequents == 0 || consequent_size <= static_cast<size_t>(t.max_consequents)) &&
         (!t.max_p_value || mining::FisherPValue(counts).value <= *t.max_p_value);
}

SkuRules FilterRules(const SkuRules& rules, const SkuRuleQuery& query) {
  std::unique_ptr<SidesIndex> by_sides;
  if (query.only_improving) {
    by_sides = std::make_unique<SidesIndex>(&rules);
    for (size_t i = 0; i < rules.size(); ++i) by_sides->Add(static_cast<uint32_t>(i));
  }
  SkuRules answer(rules.basket_count());
  for (size_t i = 0; i < rules.size(); ++i) {
    if (!Matches(rules, i, query)) continue;
    if (by_sides != nullptr && !Improves(rules, *by_sides, i)) continue;
    answer.Add(rules.antecedents(i), rules.consequents(i), rules.counts(i));
  }
  return answer;
}

}  // namespace clustr::rules
