#include "services/bundles/mining/layout/vertical.h"

#include <algorithm>
#include <utility>

#include "services/bundles/mining/base/in_parts.h"

namespace clustr::mining {
namespace {

// Of the baskets from `begin` up to `end`, which all weigh 1 and lie one behind the other.
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
  std::vector<std::vector<int64_t>> parts(PartsFor(baskets.size(), threads));
  InParts(parts.size(), baskets.size(), [&](size_t part, size_t begin, size_t end) {
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

Vertical CountFrequent(const BasketView& baskets, int64_t min_count, int threads) {
  Vertical vertical;
  vertical.basket_count = baskets.size();
  const std::vector<int64_t> counts = CountItems(baskets, threads);
  std::vector<Item>& items = vertical.items;
  for (size_t item = 0; item < counts.size(); ++item) {
    if (counts[item] >= min_count) items.push_back(static_cast<Item>(item));
  }
  std::stable_sort(items.begin(), items.end(),
                   [&](Item a, Item b) { return counts[a] > counts[b]; });
  for (const Item item : items) vertical.counts.push_back(counts[item]);
  return vertical;
}

void AddHolders(const BasketView& baskets, Vertical& vertical, int threads) {
  const std::vector<Item>& items = vertical.items;
  // Infrequent items share a code behind the others, whose list is a single place.
  const auto dropped = static_cast<uint32_t>(items.size());
  Item bound = 0;
  for (const Item item : items) bound = std::max(bound, item + 1);
  std::vector<uint32_t> code_of(bound, dropped);
  for (uint32_t code = 0; code < dropped; ++code) code_of[items[code]] = code;
  const auto code_of_item = [&](Item item) { return item < bound ? code_of[item] : dropped; };

  // By part of the baskets and code: first how many of them hold it, then where their next goes.
  std::vector<std::vector<uint32_t>> ends(PartsFor(baskets.size(), threads));
  const size_t parts = ends.size();
  if (parts == 1 && baskets.weights.empty()) {
    ends[0].assign(vertical.counts.begin(), vertical.counts.end());
    ends[0].push_back(0);
  } else {
    InParts(parts, baskets.size(), [&](size_t part, size_t begin, size_t end) {
      std::vector<uint32_t> held(size_t{dropped} + 1);
      for (size_t i = begin; i < end; ++i) {
        for (const Item item : baskets[i]) ++held[code_of_item(item)];
      }
      ends[part] = std::move(held);
    });
  }
  std::vector<uint32_t>& begins = vertical.begins;
  begins.assign(items.size() + 1, 0);
  std::vector<uint32_t> totals(parts + 1);  // Frequent items of the baskets before each part.
  uint32_t next = 0;
  for (uint32_t code = 0; code < dropped; ++code) {
    begins[code] = next;
    for (size_t part = 0; part < parts; ++part) {
      const uint32_t held = ends[part][code];
      ends[part][code] = next;
      totals[part + 1] += held;
      next += held;
    }
  }
  begins[dropped] = next;
  for (size_t part = 0; part < parts; ++part) {
    ends[part][dropped] = next + static_cast<uint32_t>(part);
    totals[part + 1] += totals[part];
  }

  vertical.holders = std::make_unique_for_overwrite<uint32_t[]>(size_t{next} + parts);
  vertical.row_begins = std::make_unique_for_overwrite<uint32_t[]>(baskets.size() + 1);
  InParts(parts, baskets.size(), [&](size_t part, size_t begin, size_t end) {
    uint32_t* const next_of = ends[part].data();
    uint32_t* const holders = vertical.holders.get();
    uint32_t total = totals[part];
    for (size_t i = begin; i < end; ++i) {
      vertical.row_begins[i] = total;
      for (const Item item : baskets[i]) {
        const uint32_t code = code_of_item(item);
        holders[next_of[code]] = static_cast<uint32_t>(i);
        const uint32_t kept = code != dropped;
        next_of[code] += kept;
        total += kept;
      }
    }
  });
  vertical.row_begins[baskets.size()] = next;
}

}  // namespace clustr::mining
