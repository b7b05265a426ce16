#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_RULE_SPLITTER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_RULE_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/mining/rules/itemset_counts.h"

namespace clustr::mining {

// One rule. Both sides are ascending, and valid only during the call.
struct FoundRule {
  absl::Span<const Item> antecedents;
  absl::Span<const Item> consequents;
  RuleCounts counts;
};

// Returns false to end the search.
using RuleSink = absl::FunctionRef<bool(const FoundRule&)>;

// True if the counts meet the bounds of confidence, lift, leverage and conviction. A rule that
// fails also fails with a higher count_a or count_b: the bounds are anti-monotone in both.
bool MeetsBounds(const RuleCounts& counts, const Thresholds& thresholds);

// True if the counts also meet max_p_value.
bool MeetsThresholds(const RuleCounts& counts, const Thresholds& thresholds);

// Splits itemsets into rules by growing the consequent. If the confidence of a rule is too low, so
// is that of every rule of the same itemset with a larger consequent. Not thread-safe.
class RuleSplitter {
 public:
  // Borrows all arguments. `counts` must contain every non-empty subset of the sets that are split.
  RuleSplitter(const ItemsetCounts& counts, const Thresholds& thresholds, int64_t basket_count,
               bool only_improving)
      : counts_(counts),
        thresholds_(thresholds),
        basket_count_(basket_count),
        only_improving_(only_improving) {}

  // Hands the rules of `set` that meet the thresholds to `sink`. Returns false if that returned
  // false.
  bool Split(absl::Span<const Item> set, int64_t count, RuleSink sink);

 private:
  bool Grow(size_t first, uint64_t antecedent_key, uint64_t consequent_key, RuleSink sink);
  bool Offer(const RuleCounts& counts, uint64_t consequent_key, RuleSink sink);
  bool Improves(size_t first, size_t antecedent_size, uint64_t antecedent_key,
                uint64_t consequent_key, double confidence) const;

  const ItemsetCounts& counts_;
  const Thresholds& thresholds_;
  const int64_t basket_count_;
  const bool only_improving_;
  absl::Span<const Item> set_;
  int64_t count_ = 0;
  uint64_t key_ = 0;
  std::vector<size_t> consequent_positions_;  // Indexes of the consequents in set_.
  std::vector<Item> antecedents_;             // Sides of the rule that is offered.
  std::vector<Item> consequents_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_RULE_SPLITTER_H_
