#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/bundles/index/basket_log.h"

namespace clustr::index {

// Consecutive baskets whose items lie one behind the other. A loop over the items of a run does not
// stumble over where each basket ends.
struct Run {
  Slot first;
  int count;
  absl::Span<const Item> items;  // Of all of them.
};

// The runs of one word of slots, of which there are at most 64.
struct WordRuns {
  std::array<Run, 64> runs;
  size_t size = 0;
};

// Sets `out` to the runs of the baskets in `word`, whose first bit stands for slot `first`, and has
// the processor fetch where they begin.
inline void FindRuns(const BasketLog& log, uint64_t word, Slot first, WordRuns& out) {
  out.size = 0;
  for (Slot slot = first; word != 0;) {
    const int skipped = std::countr_zero(word);
    word >>= skipped;
    slot += skipped;
    int count = std::countr_one(word);
    absl::Span<const Item> items = log.AdjacentItems(slot, count);
    if (items.empty()) {  // Where a block of the log ends, a basket at a time.
      count = 1;
      items = log.items(slot);
    }
    __builtin_prefetch(items.data());
    __builtin_prefetch(items.data() + 16);
    out.runs[out.size++] = {slot, count, items};
    word = count == 64 ? 0 : word >> count;
    slot += count;
  }
}

// Calls visit(const Run&) for the runs of the baskets in `words` (bit slot % 64 of word slot / 64)
// by ascending slot; none has more than 64 baskets.
template <typename Visit>
void ForEachRun(const BasketLog& log, absl::Span<const uint64_t> words, Visit visit) {
  // One word is ahead, so that its items are there when their turn comes.
  std::array<WordRuns, 2> found;
  for (size_t w = 0; w <= words.size(); ++w) {
    if (w < words.size()) FindRuns(log, words[w], static_cast<Slot>(w * 64), found[w % 2]);
    if (w == 0) continue;
    const WordRuns& before = found[(w - 1) % 2];
    for (size_t i = 0; i < before.size; ++i) visit(before.runs[i]);
  }
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_
