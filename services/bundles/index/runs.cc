#include "services/bundles/index/runs.h"

#include <bit>

namespace clustr::index {

void FindRuns(const BasketLog& log, uint64_t word, Slot first, WordRuns& out) {
  out.size = 0;
  for (Slot slot = first; word != 0;) {
    const int skipped = std::countr_zero(word);
    word >>= skipped;
    slot += skipped;
    int count = std::countr_one(word);
    absl::Span<const Item> items = log.AdjacentItems(slot, count);
    if (items.empty()) {  // A block of the log ends here: take a single basket.
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

}  // namespace clustr::index
