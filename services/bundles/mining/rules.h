#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/mining/rules/rule_splitter.h"

namespace clustr::mining {

// Which rules of which baskets are wanted.
struct RuleQuery {
  Thresholds thresholds = {};
  // N. Required, because callers leave out of the view what cannot be in a rule: at least the
  // number of non-empty baskets of the view.
  int64_t basket_count = 0;
  // Only rules with all of these on the left, and all of these on the right; in any order. A rule
  // that would need an item on both sides does not exist.
  std::vector<Item> antecedents = {};
  std::vector<Item> consequents = {};
  // More than this many rules, or frequent itemsets on the way to them: RESOURCE_EXHAUSTED. The
  // second bounds memory (about 60 bytes each) where thresholds let through few of many.
  int64_t max_rules = INT64_MAX;
  int64_t max_itemsets = 10'000'000;
  // Leaves out a rule if another with the same consequents and some of its antecedents, at least
  // one, has the same confidence or more.
  bool only_improving = false;
  // Both sides together, instead of thresholds.max_items, which requests bound by kMaxRuleItems; 2
  // to 255. A set of n items is split in up to 2^n ways.
  std::optional<int> max_items = std::nullopt;
  int threads = 1;  // That the search for itemsets may use.
  MiningLimits limits = {};
};

// One rule of a RuleSet.
struct RuleEntry {
  uint64_t offset : 48;  // Of its items in the set's pool: antecedents, then consequents.
  uint64_t antecedent_size : 8;
  uint64_t consequent_size : 8;
  int64_t count_a;
  int64_t count_b;
  int64_t count_ab;
};

// Rules in flat arrays: 32 bytes and 4 for each item of a rule.
struct RuleSet {
  std::vector<Item> items;
  std::vector<RuleEntry> entries;
  int64_t basket_count = 0;

  size_t size() const { return entries.size(); }
  // Both ascending.
  absl::Span<const Item> antecedents(size_t i) const {
    return absl::MakeConstSpan(items).subspan(entries[i].offset, entries[i].antecedent_size);
  }
  absl::Span<const Item> consequents(size_t i) const {
    return absl::MakeConstSpan(items).subspan(entries[i].offset + entries[i].antecedent_size,
                                              entries[i].consequent_size);
  }
  RuleCounts counts(size_t i) const {
    const RuleEntry& e = entries[i];
    return {e.count_a, e.count_b, e.count_ab, basket_count};
  }
};

// Every split of every itemset of `baskets` into two non-empty sides that meets `query`, each once,
// in no promised order. With given antecedents or consequents only the baskets that hold them are
// mined, after one pass over all. INVALID_ARGUMENT for a query out of range, naming the field;
// RESOURCE_EXHAUSTED past a limit of the query, with the least count that would have fitted, if
// there is one, in its message. Reentrant.
absl::StatusOr<RuleSet> MineRules(const BasketView& baskets, const RuleQuery& query);

// The same rules one by one. max_rules is not looked at.
absl::Status MineRulesTo(const BasketView& baskets, const RuleQuery& query, RuleSink sink);

// What rules are ranked by.
struct RankingMeasure {
  absl::FunctionRef<double(const RuleCounts&)> value;
  // True promises that more baskets of one side, with the other counts as they are, never make the
  // value higher (Piatetsky-Shapiro 1991), and that it is one division of integers of at most two
  // counts each, or its square root. So it is with Support, Confidence, Lift, Leverage, Conviction
  // with infinity where it is unset, ZhangsMetric, Jaccard, Certainty, Kulczynski, Cosine,
  // OddsRatio with infinity, AddedValue and AllConfidence.
  bool falls_with_sides = false;
};

// The `k` rules of `query` for which `measure` is highest, best first; ties go to the higher
// count_ab, then by antecedents and consequents. max_rules is not looked at. A measure that is NaN
// counts as lowest.
//
// If the measure falls_with_sides, what cannot be among the best is passed by: for few of many
// rules time is near that of MineItemsets by one thread, memory that of the search, the best rules
// and up to 16 MiB of rows, a quarter of the limit at most, and 8 MiB of lists to count sides with.
// max_itemsets is not looked at. Otherwise, and with given sides, only_improving or 2^26 baskets
// and more, all rules of MineRulesTo are made and the itemsets are kept.
absl::StatusOr<RuleSet> MineTopRules(const BasketView& baskets, const RuleQuery& query, size_t k,
                                     RankingMeasure measure);

// The least min_support, at least that of `query`, with which it has at most max_rules rules from
// at most max_itemsets itemsets. None if the query is invalid or that is above the support of every
// item. Costs about as much as MineRules without max_rules, but makes no more rules than fit.
std::optional<double> MinFittingSupport(const BasketView& baskets, const RuleQuery& query);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_H_
