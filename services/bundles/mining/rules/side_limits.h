#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_SIDE_LIMITS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_SIDE_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/mining/rules/best_rules.h"

namespace clustr::mining {

// How many baskets the sides of a rule may have if it is to be among the best, by a measure that
// never rises with count_a or count_b while the other counts stay as they are. Not thread-safe.
class SideLimits {
 public:
  using Measure = absl::FunctionRef<double(const RuleCounts&)>;

  // For the rules of one count_ab: below it if there is none.
  struct Limits {
    int64_t max_a = INT64_MAX;
    int64_t max_b = INT64_MAX;
    bool ties = false;  // They can be no better than the worst of the best, but for their items.
  };

  // Borrows all of it.
  SideLimits(const Thresholds& thresholds, int64_t basket_count, Measure measure,
             const BestRules& best)
      : thresholds_(thresholds), basket_count_(basket_count), measure_(measure), best_(best) {}

  // False if no rule with count_ab = `count`, at least so many baskets on each side and no
  // antecedents that come before `min_antecedents` can be among the best.
  bool MayTake(int64_t min_a, int64_t min_b, int64_t count,
               absl::Span<const Item> min_antecedents) const;

  // Whether a set of `count` baskets may be split so that a side has `side_count`, as far as is
  // known without a look at the measure.
  bool MayHaveSide(int64_t count, int64_t side_count) const {
    const auto at = static_cast<size_t>(count);
    return at >= known_.size() || side_count <= known_[at].max_a || side_count <= known_[at].max_b;
  }

  // Of a set of `count` baskets. O(log basket_count) looks at the measure, the first time and
  // whenever the best rules have become better.
  Limits For(int64_t count);

  double Score(const RuleCounts& counts) const { return measure_(counts); }

 private:
  // Higher counts are not remembered.
  static constexpr size_t kMaxKnown = size_t{1} << 14;

  struct Known : Limits {
    uint64_t version = 0;  // Of the best rules.
  };

  void Lower(int64_t count, Limits& limits) const;

  const Thresholds& thresholds_;
  const int64_t basket_count_;
  const Measure measure_;
  const BestRules& best_;
  std::vector<Known> known_;  // By count.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_SIDE_LIMITS_H_
