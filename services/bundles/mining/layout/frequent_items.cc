#include "services/bundles/mining/layout/frequent_items.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "services/bundles/mining/base/parallel_parts.h"

namespace clustr::mining {
namespace {

// Requires baskets of weight 1 that lie one behind the other.
std::vector<int64_t> CountAdjacent(const BasketView& baskets, size_t begin, size_t end) {
  const absl::Span<const Item> items =
      baskets.items.subspan(baskets.offsets[begin], baskets.offsets[end] - baskets.offsets[begin]);
  Item highest = 0;
  for (const Item item : items) highest = std::max(highest, item);
  std::vector<uint32_t> counts(items.empty() ? 0 : size_t{highest} + 1);
  for (const Item item : items) ++counts[item];
  return {counts.begin(), counts.end()};
}

std::vector<int64_t> CountItems(const BasketView& baskets, size_t begin, size_t end) {
  if (begin < end && baskets.weights.empty() && baskets.chosen.empty()) {
    return CountAdjacent(baskets, begin, end);
  }
  Item bound = 0;
  for (size_t i = begin; i < end; ++i) {
    const absl::Span<const Item> basket = baskets[i];
    if (!basket.empty()) bound = std::max(bound, basket.back() + 1);
  }
  std::vector<int64_t> counts(bound);
  for (size_t i = begin; i < end; ++i) {
    const int64_t weight = baskets.weight(i);
    for (const Item item : baskets[i]) counts[item] += weight;
  }
  return counts;
}

std::vector<int64_t> CountItems(const BasketView& baskets, int threads) {
  std::vector<std::vector<int64_t>> parts(PartCount(baskets.size(), threads));
  ForEachPart(parts.size(), baskets.size(), [&](size_t part, size_t begin, size_t end) {
    parts[part] = CountItems(baskets, begin, end);
  });
  std::vector<int64_t> counts = std::move(parts[0]);
  for (size_t part = 1; part < parts.size(); ++part) {
    if (counts.size() < parts[part].size()) counts.resize(parts[part].size());
    for (size_t item = 0; item < parts[part].size(); ++item) counts[item] += parts[part][item];
  }
  return counts;
}

}  // namespace

FrequentItems CountFrequentItems(const BasketView& baskets, int64_t min_count, int threads) {
  const std::vector<int64_t> counts = CountItems(baskets, threads);
  FrequentItems frequent;
  std::vector<Item>& items = frequent.items;
  for (size_t item = 0; item < counts.size(); ++item) {
    if (counts[item] >= min_count) items.push_back(static_cast<Item>(item));
  }
  std::stable_sort(items.begin(), items.end(),
                   [&](Item a, Item b) { return counts[a] > counts[b]; });
  for (const Item item : items) frequent.counts.push_back(counts[item]);
  return frequent;
}

}  // namespace clustr::mining
