#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/bundles/index/basket_log.h"

namespace clustr::index {

// Calls visit(first, count, items) for runs of `count` <= 64 consecutive baskets of `words` (bit
// slot % 64 of word slot / 64) by ascending slot; `items` are those of all of them, one basket
// behind the other. A loop over the items of a run does not stumble over where each basket ends.
template <typename Visit>
void ForEachRun(const BasketLog& log, absl::Span<const uint64_t> words, Visit visit) {
  for (size_t w = 0; w < words.size(); ++w) {
    uint64_t word = words[w];
    Slot slot = static_cast<Slot>(w * 64);
    while (word != 0) {
      const int skipped = std::countr_zero(word);
      word >>= skipped;
      slot += skipped;
      const int wanted = std::countr_one(word);
      const absl::Span<const Item> items = log.AdjacentItems(slot, wanted);
      // Where a block of the log ends, a basket at a time.
      const int count = items.empty() ? 1 : wanted;
      visit(slot, count, items.empty() ? log.items(slot) : items);
      word = count == 64 ? 0 : word >> count;
      slot += count;
    }
  }
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_
