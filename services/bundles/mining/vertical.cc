#include "services/bundles/mining/vertical.h"

#include <algorithm>

namespace clustr::mining {
namespace {

std::vector<int64_t> CountItems(const BasketView& baskets) {
  Item bound = 0;
  for (size_t i = 0; i < baskets.size(); ++i) {
    const absl::Span<const Item> basket = baskets[i];
    if (!basket.empty()) bound = std::max(bound, basket.back() + 1);
  }
  std::vector<int64_t> counts(bound);
  for (size_t i = 0; i < baskets.size(); ++i) {
    const int64_t weight = baskets.weight(i);
    for (const Item item : baskets[i]) counts[item] += weight;
  }
  return counts;
}

}  // namespace

Vertical CountFrequent(const BasketView& baskets, int64_t min_count) {
  Vertical vertical;
  vertical.basket_count = baskets.size();
  const std::vector<int64_t> counts = CountItems(baskets);
  std::vector<Item>& items = vertical.items;
  for (size_t item = 0; item < counts.size(); ++item) {
    if (counts[item] >= min_count) items.push_back(static_cast<Item>(item));
  }
  std::stable_sort(items.begin(), items.end(),
                   [&](Item a, Item b) { return counts[a] > counts[b]; });
  for (const Item item : items) vertical.counts.push_back(counts[item]);
  return vertical;
}

void AddHolders(const BasketView& baskets, Vertical& vertical) {
  const std::vector<Item>& items = vertical.items;
  // Infrequent items share a code behind the others, whose list is a single place.
  const auto dropped = static_cast<uint32_t>(items.size());
  Item bound = 0;
  for (const Item item : items) bound = std::max(bound, item + 1);
  std::vector<uint32_t> code_of(bound, dropped);
  for (uint32_t code = 0; code < dropped; ++code) code_of[items[code]] = code;

  std::vector<uint32_t>& begins = vertical.begins;
  begins.assign(items.size() + 1, 0);
  if (baskets.weights.empty()) {
    for (uint32_t code = 0; code < dropped; ++code) {
      begins[code + 1] = begins[code] + static_cast<uint32_t>(vertical.counts[code]);
    }
  } else {
    for (size_t i = 0; i < baskets.size(); ++i) {
      for (const Item item : baskets[i]) {
        if (item < bound && code_of[item] != dropped) ++begins[code_of[item] + 1];
      }
    }
    for (uint32_t code = 0; code < dropped; ++code) begins[code + 1] += begins[code];
  }

  vertical.holders = std::make_unique_for_overwrite<uint32_t[]>(size_t{begins.back()} + 1);
  vertical.row_begins = std::make_unique_for_overwrite<uint32_t[]>(baskets.size() + 1);
  std::vector<uint32_t> ends(begins.begin(), begins.end());
  uint32_t* const holders = vertical.holders.get();
  uint32_t total = 0;
  for (size_t i = 0; i < baskets.size(); ++i) {
    vertical.row_begins[i] = total;
    for (const Item item : baskets[i]) {
      const uint32_t code = item < bound ? code_of[item] : dropped;
      holders[ends[code]] = static_cast<uint32_t>(i);
      const uint32_t kept = code != dropped;
      ends[code] += kept;
      total += kept;
    }
  }
  vertical.row_begins[baskets.size()] = total;
}

}  // namespace clustr::mining
