#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "services/bundles/index/basket_log.h"

namespace clustr::index {

// Consecutive baskets whose items are contiguous. A loop over the items of a whole run avoids a
// mispredicted branch at the end of each basket.
struct Run {
  Slot first;
  int count;
  absl::Span<const Item> items;  // The items of all of its baskets.
};

// The runs in one word of 64 slots.
struct WordRuns {
  std::array<Run, 64> runs;
  size_t size = 0;
};

// Sets `out` to the runs of the baskets in `word`, whose lowest bit stands for slot `first`, and
// prefetches their first items.
void FindRuns(const BasketLog& log, uint64_t word, Slot first, WordRuns& out);

// Calls visit(const Run&) for the runs of the baskets in `words` (bit slot % 64 of word slot / 64),
// ascending by slot. No run has more than 64 baskets. `first_word` is the number of words[0].
template <typename Visit>
void ForEachRun(const BasketLog& log, absl::Span<const uint64_t> words, Visit visit,
                size_t first_word = 0) {
  // Finds the runs one word ahead, so that their items are in the cache when they are visited.
  std::array<WordRuns, 2> found;
  for (size_t w = 0; w <= words.size(); ++w) {
    if (w < words.size()) {
      FindRuns(log, words[w], static_cast<Slot>((first_word + w) * 64), found[w % 2]);
    }
    if (w == 0) continue;
    const WordRuns& before = found[(w - 1) % 2];
    for (size_t i = 0; i < before.size; ++i) visit(before.runs[i]);
  }
}

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_RUNS_H_
