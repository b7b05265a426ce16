#ifndef CLUSTR_SERVICES_BUNDLES_RULES_SKU_RULES_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_SKU_RULES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/measures/measures.h"

namespace clustr::rules {

// Mined rules by product_sku, in flat arrays, ready to be sorted, paged, stored and compared. Takes
// about 40 bytes per rule and 8 per product of a rule. Const methods are thread-safe.
class SkuRules {
 public:
  // `basket_count` is N, the number of baskets of the population.
  explicit SkuRules(int64_t basket_count = 0) : basket_count_(basket_count) {}

  // Adds a rule. The sides must be disjoint; each may be in any order. Ignores
  // `counts.basket_count`.
  void Add(absl::Span<const int64_t> antecedents, absl::Span<const int64_t> consequents,
           const mining::RuleCounts& counts);

  // The support that took the place of the default, because more rules than the limit meet that;
  // unset if it did not.
  const std::optional<double>& raised_min_support() const { return raised_min_support_; }
  void set_raised_min_support(double min_support) { raised_min_support_ = min_support; }

  size_t size() const { return entries_.size(); }
  int64_t basket_count() const { return basket_count_; }
  int64_t rule_id(size_t i) const { return entries_[i].rule_id; }
  // Both ascending.
  absl::Span<const int64_t> antecedents(size_t i) const;
  absl::Span<const int64_t> consequents(size_t i) const;
  mining::RuleCounts counts(size_t i) const {
    const Entry& e = entries_[i];
    return {e.count_a, e.count_b, e.count_ab, basket_count_};
  }

  // Below 0, 0 or above 0 if the sides of rule i order before, equal or order after those of rule
  // j.
  int CompareSides(size_t i, size_t j) const;

  size_t memory_bytes() const {
    return entries_.capacity() * sizeof(Entry) + skus_.capacity() * sizeof(int64_t);
  }

 private:
  struct Entry {
    uint64_t offset : 48;  // Where its products begin in skus_: antecedents, then consequents.
    uint64_t antecedent_size : 8;
    uint64_t consequent_size : 8;
    int64_t rule_id;
    int64_t count_a;
    int64_t count_b;
    int64_t count_ab;
  };

  int64_t basket_count_;
  std::optional<double> raised_min_support_;
  std::vector<Entry> entries_;
  std::vector<int64_t> skus_;
};

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_SKU_RULES_H_
