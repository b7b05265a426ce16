#include "services/bundles/rule_sets/itemset_counts.h"

namespace clustr::bundles {

std::optional<int64_t> ItemsetCounts::Find(absl::Span<const int64_t> skus) const {
  const auto it = found_.find(skus);
  return it == found_.end() ? std::nullopt : std::optional(sets_[*it].count);
}

void ItemsetCounts::Add(absl::Span<const int64_t> skus, int64_t count) {
  if (found_.contains(skus)) return;
  sets_.push_back({skus_.size(), skus.size(), count});
  skus_.insert(skus_.end(), skus.begin(), skus.end());
  found_.insert(static_cast<uint32_t>(sets_.size() - 1));
}

}  // namespace clustr::bundles
