#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_TOP_SPLITTER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_TOP_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/base/thresholds.h"
#include "services/bundles/mining/rules/best_rules.h"
#include "services/bundles/mining/rules/side_counts.h"
#include "services/bundles/mining/rules/side_limits.h"

namespace clustr::mining {

// Splits itemsets into the rules that may be among the best. The count of a side is at least that
// of any set that contains it. So the sets without one item are counted first, which shows on which
// side each item can be, and then the remaining sides. Not thread-safe.
class TopSplitter {
 public:
  // Borrows all arguments.
  TopSplitter(const Thresholds& thresholds, int64_t basket_count, SearchControl& control,
              SideLimits& limits, SideCounts& sides, BestRules& best)
      : thresholds_(thresholds),
        basket_count_(basket_count),
        control_(control),
        limits_(limits),
        sides_(sides),
        best_(best) {}

  // Offers the rules of `set`, which is frequent and ascending, that meet the thresholds and may be
  // among the best. A set of n items has up to 2^n splits, so it checks the time now and then, and
  // returns early when the control stops.
  void Split(absl::Span<const Item> set, int64_t count);

 private:
  // An item of the set.
  struct Place {
    int64_t without;  // Count of the set without this item; a lower bound if above `counted_to_`.
    bool may_be_antecedent;
    bool may_be_consequent;
  };

  bool ComesEarly();
  bool Proceed();
  void SplitOneConsequent();
  bool CountWithoutEach();
  void GrowConsequents(size_t first, int64_t min_a, int64_t min_b);
  void GrowAntecedents(size_t first, int64_t min_a, int64_t min_b);
  template <class MayBe>
  std::optional<int64_t> MaxWithout(absl::Span<const Item> side, MayBe may_be) const;
  void OfferWithCountA(int64_t count_a);
  void OfferWithCountB(int64_t count_b);
  void Offer(const RuleCounts& counts);
  absl::Span<const Item> MinAntecedents(size_t kept) const;

  const Thresholds& thresholds_;
  const int64_t basket_count_;
  SearchControl& control_;
  SideLimits& limits_;
  SideCounts& sides_;
  BestRules& best_;
  int until_check_ = 0;
  absl::Span<const Item> set_;
  int64_t count_ = 0;
  SideLimits::Limits max_;
  size_t max_consequents_ = 0;
  int64_t counted_to_ = 0;
  std::vector<Place> places_;      // Indexed by place in the set.
  std::vector<size_t> by_count_;   // Places, rarest item first.
  std::vector<Item> antecedents_;  // Sides of the current rule.
  std::vector<Item> consequents_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_TOP_SPLITTER_H_
