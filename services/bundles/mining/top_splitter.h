#ifndef CLUSTR_SERVICES_BUNDLES_MINING_TOP_SPLITTER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_TOP_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/bundles/mining/best_rules.h"
#include "services/bundles/mining/thresholds.h"

namespace clustr::mining {

// Splits itemsets into those rules that may be among the best, by a measure that never rises with
// count_a or count_b while the other counts stay as they are. A side has at least as many baskets
// as any set that holds it, so that the measure of a rule is bounded before its sides are counted.
// Not thread-safe.
class TopSplitter {
 public:
  // Count of a set of frequent items, at least one.
  using CountSide = absl::FunctionRef<int64_t(absl::Span<const Item>)>;
  using Measure = absl::FunctionRef<double(const RuleCounts&)>;

  // Borrows all of it.
  TopSplitter(const Thresholds& thresholds, int64_t basket_count, Measure measure,
              CountSide count_side, BestRules& best)
      : thresholds_(thresholds),
        basket_count_(basket_count),
        measure_(measure),
        count_side_(count_side),
        best_(best) {}

  // Offers the rules of `set` that meet the thresholds and may be among the best.
  void Split(absl::Span<const Item> set, int64_t count);

  // False if no rule with count_ab = `count`, at least so many baskets on each side and antecedents
  // of `first` and above can be among the best.
  bool MayTake(int64_t least_a, int64_t least_b, int64_t count, Item first) const;

 private:
  void Grow(size_t first, int64_t least_a);

  const Thresholds& thresholds_;
  const int64_t basket_count_;
  const Measure measure_;
  const CountSide count_side_;
  BestRules& best_;
  absl::Span<const Item> set_;
  int64_t count_ = 0;
  std::vector<Item> antecedents_;  // Of the rule that is looked at.
  std::vector<Item> consequents_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_TOP_SPLITTER_H_
