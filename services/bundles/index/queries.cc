#include "services/bundles/index/queries.h"

#include <algorithm>
#include <bit>

#include "services/bundles/index/runs.h"

namespace clustr::index {
namespace {

template <typename Visit>
void VisitAll(const Selection& selection, Visit visit) {
  for (size_t w = 0; w < selection.words.size(); ++w) {
    for (uint64_t word = selection.words[w]; word != 0; word &= word - 1) {
      visit(static_cast<Slot>(w * 64 + std::countr_zero(word)));
    }
  }
}

// Does the work of ForEachBasket; a template, so that `visit` is inlined.
template <typename Visit>
void VisitHolding(const Snapshot& snapshot, const Selection& selection,
                  absl::Span<const Item> items, Visit visit) {
  if (items.empty()) return VisitAll(selection, visit);
  const Item rarest = *std::min_element(items.begin(), items.end(), [&](Item a, Item b) {
    return snapshot.state(a).postings.size < snapshot.state(b).postings.size;
  });
  const PostingList postings = snapshot.state(rarest).postings;
  snapshot.log().postings().ForEachRun(
      postings.first_chunk, 0, postings.size, [&](absl::Span<const Slot> slots) {
        for (Slot slot : slots) {
          if (!selection.contains(slot)) continue;
          const absl::Span<const Item> basket = snapshot.items(slot);
          const bool holds = std::all_of(items.begin(), items.end(), [&](Item item) {
            return item == rarest || std::binary_search(basket.begin(), basket.end(), item);
          });
          if (holds) visit(slot);
        }
      });
}

}  // namespace

void ForEachBasket(const Snapshot& snapshot, const Selection& selection,
                   absl::Span<const Item> items, absl::FunctionRef<void(Slot)> visit) {
  VisitHolding(snapshot, selection, items, visit);
}

int64_t Count(const Snapshot& snapshot, const Selection& selection, absl::Span<const Item> items) {
  if (items.empty()) return selection.basket_count;
  if (items.size() == 1 && selection.everything) return snapshot.live_count(items[0]);
  int64_t count = 0;
  VisitHolding(snapshot, selection, items, [&](Slot) { ++count; });
  return count;
}

std::vector<uint32_t> CountItems(const Snapshot& snapshot, const Selection& selection) {
  std::vector<uint32_t> counts(snapshot.item_count());
  if (selection.everything) {
    for (Item item = 0; item < counts.size(); ++item) {
      counts[item] = static_cast<uint32_t>(snapshot.live_count(item));
    }
    return counts;
  }
  // Counts the rest of the shop instead if that is the smaller part.
  const bool by_rest = selection.basket_count > snapshot.basket_count() / 2;
  std::vector<uint64_t> rest(by_rest ? selection.words.size() : 0);
  for (size_t w = 0; w < rest.size(); ++w) rest[w] = snapshot.alive_word(w) & ~selection.words[w];
  ForEachRun(snapshot.log(), by_rest ? rest : selection.words, [&](const Run& run) {
    for (Item item : run.items) ++counts[item];
  });
  if (by_rest) {
    for (Item item = 0; item < counts.size(); ++item) {
      counts[item] = static_cast<uint32_t>(snapshot.live_count(item)) - counts[item];
    }
  }
  return counts;
}

}  // namespace clustr::index
