#include "services/bundles/mining/layout/tid_lists.h"

#include <algorithm>
#include <utility>

#include "services/bundles/mining/base/parallel_parts.h"

namespace clustr::mining {
namespace {

// `ends` holds, by part and code, the number of the part's baskets that contain the code. Replaces
// each by the slot of the part's first tid of that code, and sets `begins` to the slots at which
// the codes' lists begin. The last code stands for infrequent items; it has one slot in each part,
// which is overwritten. Returns, by part, the number of frequent items in all earlier parts.
std::vector<uint32_t> AssignSlots(std::vector<std::vector<uint32_t>>& ends,
                                  std::vector<uint32_t>& begins) {
  const size_t parts = ends.size();
  const size_t dropped = begins.size() - 1;
  std::vector<uint32_t> totals(parts + 1);
  uint32_t next = 0;
  for (size_t code = 0; code < dropped; ++code) {
    begins[code] = next;
    for (size_t part = 0; part < parts; ++part) {
      const uint32_t count = ends[part][code];
      ends[part][code] = next;
      totals[part + 1] += count;
      next += count;
    }
  }
  begins[dropped] = next;
  for (size_t part = 0; part < parts; ++part) {
    ends[part][dropped] = next + static_cast<uint32_t>(part);
    totals[part + 1] += totals[part];
  }
  return totals;
}

}  // namespace

TidLists MakeTidLists(const BasketView& baskets, FrequentItems frequent, int threads) {
  TidLists lists;
  lists.frequent = std::move(frequent);
  lists.basket_count = baskets.size();
  const std::vector<Item>& items = lists.frequent.items;
  // Infrequent items share one extra code.
  const auto dropped = static_cast<uint32_t>(items.size());
  Item bound = 0;
  for (const Item item : items) bound = std::max(bound, item + 1);
  std::vector<uint32_t> code_of(bound, dropped);
  for (uint32_t code = 0; code < dropped; ++code) code_of[items[code]] = code;
  const auto code_of_item = [&](Item item) { return item < bound ? code_of[item] : dropped; };

  // Indexed by part and code: first the number of the part's baskets that contain the code, then
  // the slot of its next tid.
  std::vector<std::vector<uint32_t>> ends(PartCount(baskets.size(), threads));
  const size_t parts = ends.size();
  if (parts == 1 && baskets.weights.empty()) {
    ends[0].assign(lists.frequent.counts.begin(), lists.frequent.counts.end());
    ends[0].push_back(0);
  } else {
    ForEachPart(parts, baskets.size(), [&](size_t part, size_t begin, size_t end) {
      std::vector<uint32_t> counts(size_t{dropped} + 1);
      for (size_t i = begin; i < end; ++i) {
        for (const Item item : baskets[i]) ++counts[code_of_item(item)];
      }
      ends[part] = std::move(counts);
    });
  }
  lists.begins.assign(items.size() + 1, 0);
  const std::vector<uint32_t> totals = AssignSlots(ends, lists.begins);
  const uint32_t next = lists.begins[dropped];
  lists.tids = std::make_unique_for_overwrite<uint32_t[]>(size_t{next} + parts);
  lists.basket_begins = std::make_unique_for_overwrite<uint32_t[]>(baskets.size() + 1);
  ForEachPart(parts, baskets.size(), [&](size_t part, size_t begin, size_t end) {
    uint32_t* const next_of = ends[part].data();
    uint32_t* const tids = lists.tids.get();
    uint32_t total = totals[part];
    for (size_t i = begin; i < end; ++i) {
      lists.basket_begins[i] = total;
      for (const Item item : baskets[i]) {
        const uint32_t code = code_of_item(item);
        tids[next_of[code]] = static_cast<uint32_t>(i);
        const uint32_t kept = code != dropped;
        next_of[code] += kept;
        total += kept;
      }
    }
  });
  lists.basket_begins[baskets.size()] = next;
  return lists;
}

}  // namespace clustr::mining
