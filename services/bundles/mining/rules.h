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

// Which rules of the baskets are wanted.
struct RuleQuery {
  Thresholds thresholds = {};
  // N, required: at least the number of non-empty baskets of the view. It may be higher, because
  // callers leave baskets that cannot support a rule out of the view.
  int64_t basket_count = 0;
  // Only rules whose antecedent contains all of `antecedents` and whose consequent contains all of
  // `consequents`, both in any order. If the two share an item, there are no such rules.
  std::vector<Item> antecedents = {};
  std::vector<Item> consequents = {};
  // More rules are refused with RESOURCE_EXHAUSTED, and so are more frequent itemsets from which to
  // make them. The latter bounds memory, about 60 bytes for each, if the thresholds accept few of
  // many rules.
  int64_t max_rules = INT64_MAX;
  int64_t max_itemsets = 10'000'000;
  // Leaves out a rule if another rule with the same consequent and a smaller non-empty part of its
  // antecedent has at least the same confidence.
  bool only_improving = false;
  // Maximum size of both sides together, 2 to 255. Replaces thresholds.max_items, which
  // kMaxRuleItems bounds. A set of n items has up to 2^n splits.
  std::optional<int> max_items = std::nullopt;
  int threads = 1;  // Threads that the search for itemsets may use.
  MiningLimits limits = {};
};

// One rule of a RuleSet.
struct RuleEntry {
  // Begin of its items in RuleSet::items: the antecedent, then the consequent.
  uint64_t offset : 48;
  uint64_t antecedent_size : 8;
  uint64_t consequent_size : 8;
  int64_t count_a;
  int64_t count_b;
  int64_t count_ab;
};

// Rules in flat arrays: 32 bytes for each rule and 4 for each of its items.
struct RuleSet {
  std::vector<Item> items;
  std::vector<RuleEntry> entries;
  int64_t basket_count = 0;

  size_t size() const { return entries.size(); }
  // Both sides are ascending.
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

// Every split of an itemset of `baskets` into two non-empty sides that satisfies `query`, each
// once, in unspecified order. If antecedents or consequents are given, mines only the baskets that
// contain them, after one pass over all baskets. INVALID_ARGUMENT if a value of the query is out of
// range, with its field. RESOURCE_EXHAUSTED at a limit of the query; the message names the lowest
// min_count that fits, if there is one. Reentrant.
absl::StatusOr<RuleSet> MineRules(const BasketView& baskets, const RuleQuery& query);

// Hands the same rules to `sink` one by one. Ignores max_rules.
absl::Status MineRulesTo(const BasketView& baskets, const RuleQuery& query, RuleSink sink);

// A measure by which rules are ranked.
struct RankingMeasure {
  absl::FunctionRef<double(const RuleCounts&)> value;
  // If true, the caller promises that a higher count of one side never raises the value while the
  // other counts stay the same (Piatetsky-Shapiro 1991), and that the value is one division of
  // integers of at most two counts each, or the square root of one. This holds for Support,
  // Confidence, Lift, Leverage, Conviction with infinity where it is unset, ZhangsMetric, Jaccard,
  // Certainty, Kulczynski, Cosine, OddsRatio with infinity, AddedValue and AllConfidence.
  bool falls_with_sides = false;
};

// The `k` rules of `query` with the highest `measure`, best first; ties go to the higher count_ab,
// then to the lexicographically smaller antecedent, then consequent. A NaN counts as lowest.
// Ignores max_rules.
//
// If the measure falls_with_sides, skips what cannot be among the best: if the best are few of many
// rules, time is near that of MineItemsets with one thread. Memory is that of the search, of the
// best rules, of up to 16 MiB of tid-bitmaps (at most a quarter of the limit) and of 8 MiB of
// tid-lists for counting sides. Ignores max_itemsets. If the measure does not fall with its sides,
// if sides are given, with only_improving, or from 2^26 baskets on, makes all rules of MineRulesTo
// and keeps all itemsets.
absl::StatusOr<RuleSet> MineTopRules(const BasketView& baskets, const RuleQuery& query, size_t k,
                                     RankingMeasure measure);

// The lowest min_support, at least that of `query`, with which there are at most max_rules rules
// from at most max_itemsets itemsets. Unset if the query is invalid, or if not even the support of
// the most frequent item fits. Costs about as much as MineRules without max_rules, but makes no
// more rules than fit.
std::optional<double> MinFittingSupport(const BasketView& baskets, const RuleQuery& query);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_H_
