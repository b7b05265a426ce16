#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_REPORTER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_REPORTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/base/search_control.h"

namespace clustr::mining {

// Turns what the search finds into the itemsets of the answer. The search reports a set without its
// perfect extensions, the items that all its baskets hold: each choice of those makes one more
// itemset of the same count, and they are held here for as long as the search is below that set.
template <class Isa>
class Reporter {
 public:
  // A set in ascending order. Up to kLanes items lie in a frame of so many places.
  struct Set {
    const Item* items;
    int size;
    uint32_t count;  // UINT32_MAX stands for more, too.
  };

  Reporter(ItemsetStream& stream, SearchControl& control, size_t item_count)
      : stream_(stream), control_(control), perfect_(item_count + 2 * Isa::kLanes) {}

  ItemsetStream& stream() { return stream_; }

  // Where the search writes perfect extensions: `perfect_size` of them are held. Room for all items
  // and a vector more.
  Item* perfect() { return perfect_.data(); }
  uint32_t perfect_size = 0;

  // `set` and `item` together, which `count` baskets hold, in the arena.
  static Set Join(Arena& arena, Set set, Item item, int64_t count) {
    const auto held = static_cast<uint32_t>(std::min<int64_t>(count, UINT32_MAX));
    if (set.size < Isa::kLanes) {
      Item* const items = arena.Allocate<Item>(Isa::kLanes);
      Isa::Insert(set.items, set.size, item, items);
      return {items, set.size + 1, held};
    }
    Item* const items = arena.Allocate<Item>(static_cast<size_t>(set.size) + 1);
    const Item* const at = std::lower_bound(set.items, set.items + set.size, item);
    Item* const place = std::copy(set.items, at, items);
    *place = item;
    std::copy(at, set.items + set.size, place + 1);
    return {items, set.size + 1, held};
  }

  // `set` and `size` items more, in any order and none of them in it, in the arena.
  static Set JoinAll(Arena& arena, Set set, const Item* more, uint32_t size, int64_t count) {
    if (size == 1) return Join(arena, set, *more, count);
    const auto joined_size = static_cast<size_t>(set.size) + size;
    Item* const items = arena.Allocate<Item>(std::max<size_t>(joined_size, Isa::kLanes));
    std::copy(more, more + size, std::copy(set.items, set.items + set.size, items));
    std::sort(items, items + joined_size);
    const auto held = static_cast<uint32_t>(std::min<int64_t>(count, UINT32_MAX));
    return {items, static_cast<int>(joined_size), held};
  }

  // Reports `set` and `item`, alone and with every choice of the perfect extensions held. False
  // ends the search.
  bool Report(Set set, Item item, int64_t count) {
    if (set.size + 1 + static_cast<int>(perfect_size) <= Isa::kLanes) {
      alignas(Arena::kAlignment) Item frame[Isa::kLanes];
      Isa::Insert(set.items, set.size, item, frame);
      return stream_.Put({frame, static_cast<size_t>(set.size) + 1}, count, set.count) &&
             (perfect_size == 0 || PutChoices(frame, set.size + 1, 0, count));
    }
    std::vector<Item> items(set.items, set.items + set.size);
    items.insert(std::lower_bound(items.begin(), items.end(), item), item);
    return stream_.Put(items, count, set.count) && PutLongChoices(items, 0, count);
  }

 private:
  // To be asked now and then, because n perfect extensions have 2^n choices.
  bool Proceed() {
    if (--until_check_ > 0) return true;
    until_check_ = kChecked;
    return control_.CheckTime();
  }

  // Reports `set` with every non-empty choice of the perfect extensions from `first` on.
  bool PutChoices(const Item* set, int size, uint32_t first, int64_t count) {
    if (size >= stream_.max_size() || count < stream_.min_count()) return true;
    if (!Proceed()) return false;
    alignas(Arena::kAlignment) Item frame[Isa::kLanes];
    for (uint32_t i = first; i < perfect_size; ++i) {
      Isa::Insert(set, size, perfect_[i], frame);
      if (!stream_.Put({frame, static_cast<size_t>(size) + 1}, count, count)) return false;
      if (i + 1 < perfect_size && !PutChoices(frame, size + 1, i + 1, count)) return false;
    }
    return true;
  }

  // The same for sets of any length, in one array.
  bool PutLongChoices(std::vector<Item>& items, uint32_t first, int64_t count) {
    const int size = static_cast<int>(items.size());
    const int reachable = size + static_cast<int>(perfect_size - first);
    if (size >= stream_.max_size() || reachable < stream_.min_size() ||
        count < stream_.min_count()) {
      return true;
    }
    if (!Proceed()) return false;
    for (uint32_t i = first; i < perfect_size; ++i) {
      const Item item = perfect_[i];
      items.insert(std::lower_bound(items.begin(), items.end(), item), item);
      if (!stream_.Put(items, count, count) || !PutLongChoices(items, i + 1, count)) return false;
      items.erase(std::lower_bound(items.begin(), items.end(), item));
    }
    return true;
  }

  static constexpr int kChecked = 4096;

  ItemsetStream& stream_;
  SearchControl& control_;
  int until_check_ = kChecked;
  std::vector<Item> perfect_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_REPORTER_H_
