#include "services/bundles/mining/closure.h"

#include <algorithm>
#include <iterator>

namespace clustr::mining {

bool Closure::HasMoreInCommon(absl::Span<const Item> set, absl::Span<const uint32_t> holders) {
  // The smallest of the first few baskets leaves the least to refute.
  constexpr size_t kTried = 8;
  uint32_t first = holders[0];
  for (const uint32_t holder : holders.first(std::min(kTried, holders.size()))) {
    if (baskets_[holder].size() < baskets_[first].size()) first = holder;
  }
  const absl::Span<const Item> basket = baskets_[first];
  common_.clear();
  std::set_difference(basket.begin(), basket.end(), set.begin(), set.end(),
                      std::back_inserter(common_));
  for (size_t h = 0; h < holders.size() && !common_.empty(); ++h) {
    const absl::Span<const Item> other = baskets_[holders[h]];
    const Item* at = other.data();
    const Item* const end = at + other.size();
    size_t kept = 0;
    for (const Item item : common_) {
      while (at != end && *at < item) ++at;
      if (at != end && *at == item) common_[kept++] = item;
    }
    common_.resize(kept);
  }
  return !common_.empty();
}

bool Closure::HasFrequentSuperset(absl::Span<const Item> set, absl::Span<const uint32_t> holders) {
  const auto visit = [&](auto see) {
    for (const uint32_t holder : holders) {
      const int64_t weight = baskets_.weight(holder);
      for (const Item item : baskets_[holder]) see(item, weight);
    }
  };
  size_t frequent = 0;
  visit([&](Item item, int64_t weight) {
    if (item >= tallies_.size()) tallies_.resize(size_t{item} + 1);
    const int64_t before = tallies_[item];
    tallies_[item] += weight;
    frequent += before < min_count_ && tallies_[item] >= min_count_ ? 1 : 0;
  });
  visit([&](Item item, int64_t) { tallies_[item] = 0; });
  return frequent > set.size();
}

}  // namespace clustr::mining
