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

// The highest counts that the sides of a rule may have if it is to be among the best. The measure
// must never rise with count_a or count_b while the other counts stay the same. Not thread-safe.
class SideLimits {
 public:
  using Measure = absl::FunctionRef<double(const RuleCounts&)>;

  // For the rules of one count_ab. A limit below count_ab excludes all of them.
  struct Limits {
    int64_t max_a = INT64_MAX;
    int64_t max_b = INT64_MAX;
    // At best, such rules tie with the worst of the best rules, so their items decide.
    bool ties = false;
  };

  // Borrows all arguments.
  SideLimits(const Thresholds& thresholds, int64_t basket_count, Measure measure,
             const BestRules& best)
      : thresholds_(thresholds), basket_count_(basket_count), measure_(measure), best_(best) {}

  // False if no rule with count_ab = `count`, with sides of at least these counts and with an
  // antecedent not before `min_antecedents` can be among the best.
  bool MayTake(int64_t min_a, int64_t min_b, int64_t count,
               absl::Span<const Item> min_antecedents) const;

  // False if no set of count `count` with a side of count `side_count` can make one of the best
  // rules, as far as is known without evaluating the measure.
  bool MayHaveSide(int64_t count, int64_t side_count) const {
    const auto at = static_cast<size_t>(count);
    return at >= known_.size() || side_count <= known_[at].max_a || side_count <= known_[at].max_b;
  }

  // The limits for sets of count `count`. Evaluates the measure O(log basket_count) times, at first
  // and whenever the best rules have improved.
  Limits For(int64_t count);

  double Score(const RuleCounts& counts) const { return measure_(counts); }

 private:
  // Limits for higher counts are not remembered.
  static constexpr size_t kMaxKnown = size_t{1} << 14;

  struct Known : Limits {
    uint64_t version = 0;  // Version of the best rules, plus 1.
  };

  void Lower(int64_t count, Limits& limits) const;

  const Thresholds& thresholds_;
  const int64_t basket_count_;
  const Measure measure_;
  const BestRules& best_;
  std::vector<Known> known_;  // Indexed by count.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_SIDE_LIMITS_H_
