#include "services/bundles/rules/sku_rules.h"

#include <algorithm>

#include "services/bundles/mining/rules/rule_id.h"

namespace clustr::rules {
namespace {

int Compare(absl::Span<const int64_t> a, absl::Span<const int64_t> b) {
  if (std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end())) return -1;
  return a == b ? 0 : 1;
}

}  // namespace

void SkuRules::Add(absl::Span<const int64_t> antecedents, absl::Span<const int64_t> consequents,
                   const mining::RuleCounts& counts) {
  entries_.push_back({.offset = skus_.size(),
                      .antecedent_size = antecedents.size(),
                      .consequent_size = consequents.size(),
                      .rule_id = 0,
                      .count_a = counts.count_a,
                      .count_b = counts.count_b,
                      .count_ab = counts.count_ab});
  for (const absl::Span<const int64_t> side : {antecedents, consequents}) {
    skus_.insert(skus_.end(), side.begin(), side.end());
    std::sort(skus_.end() - static_cast<ptrdiff_t>(side.size()), skus_.end());
  }
  const size_t i = size() - 1;
  entries_[i].rule_id = mining::RuleId(this->antecedents(i), this->consequents(i));
}

absl::Span<const int64_t> SkuRules::antecedents(size_t i) const {
  return absl::MakeConstSpan(skus_).subspan(entries_[i].offset, entries_[i].antecedent_size);
}

absl::Span<const int64_t> SkuRules::consequents(size_t i) const {
  return absl::MakeConstSpan(skus_).subspan(entries_[i].offset + entries_[i].antecedent_size,
                                            entries_[i].consequent_size);
}

int SkuRules::CompareSides(size_t i, size_t j) const {
  const int left = Compare(antecedents(i), antecedents(j));
  return left != 0 ? left : Compare(consequents(i), consequents(j));
}

}  // namespace clustr::rules
