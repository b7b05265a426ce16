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

// Turns what the search finds into itemsets of the result. The search reports a set without its
// perfect extensions. The reporter holds those while the search is below that set, and adds every
// choice of them, each of which is one more itemset of the same count.
template <class Isa>
class Reporter {
 public:
  // The items of a prefix, ascending. If they are at most kLanes, they are in an array of kLanes.
  struct Prefix {
    const Item* items;
    int size;
    uint32_t count;  // UINT32_MAX also stands for all higher counts.
  };

  Reporter(ItemsetStream& stream, SearchControl& control, size_t item_count)
      : stream_(stream), control_(control), perfect_(item_count + 2 * Isa::kLanes) {}

  ItemsetStream& stream() { return stream_; }

  // The search writes perfect extensions here and adds to `perfect_size`, the number held. There is
  // room for all items and a vector more.
  Item* perfect() { return perfect_.data(); }
  uint32_t perfect_size = 0;

  // `prefix` extended by `item`, in the arena. `count` is the count of the result.
  static Prefix Extend(Arena& arena, Prefix prefix, Item item, int64_t count) {
    const auto held = static_cast<uint32_t>(std::min<int64_t>(count, UINT32_MAX));
    if (prefix.size < Isa::kLanes) {
      Item* const items = arena.Allocate<Item>(Isa::kLanes);
      Isa::Insert(prefix.items, prefix.size, item, items);
      return {items, prefix.size + 1, held};
    }
    Item* const items = arena.Allocate<Item>(static_cast<size_t>(prefix.size) + 1);
    const Item* const at = std::lower_bound(prefix.items, prefix.items + prefix.size, item);
    Item* const place = std::copy(prefix.items, at, items);
    *place = item;
    std::copy(at, prefix.items + prefix.size, place + 1);
    return {items, prefix.size + 1, held};
  }

  // `prefix` extended by `size` items in any order, none of them in it, in the arena.
  static Prefix ExtendAll(Arena& arena, Prefix prefix, const Item* more, uint32_t size,
                          int64_t count) {
    if (size == 1) return Extend(arena, prefix, *more, count);
    const auto extended_size = static_cast<size_t>(prefix.size) + size;
    Item* const items = arena.Allocate<Item>(std::max<size_t>(extended_size, Isa::kLanes));
    std::copy(more, more + size, std::copy(prefix.items, prefix.items + prefix.size, items));
    std::sort(items, items + extended_size);
    const auto held = static_cast<uint32_t>(std::min<int64_t>(count, UINT32_MAX));
    return {items, static_cast<int>(extended_size), held};
  }

  // Reports `prefix` extended by `item`, alone and with every choice of the perfect extensions
  // held. Returns false if the stream ends the search.
  bool Report(Prefix prefix, Item item, int64_t count) {
    if (prefix.size + 1 + static_cast<int>(perfect_size) <= Isa::kLanes) {
      alignas(Arena::kAlignment) Item frame[Isa::kLanes];
      Isa::Insert(prefix.items, prefix.size, item, frame);
      return stream_.Put({frame, static_cast<size_t>(prefix.size) + 1}, count, prefix.count) &&
             (perfect_size == 0 || PutChoices(frame, prefix.size + 1, 0, count));
    }
    std::vector<Item> items(prefix.items, prefix.items + prefix.size);
    items.insert(std::lower_bound(items.begin(), items.end(), item), item);
    return stream_.Put(items, count, prefix.count) && PutLongChoices(items, 0, count);
  }

 private:
  // Checked now and then, because n perfect extensions have 2^n choices.
  bool Proceed() {
    if (--until_check_ > 0) return true;
    until_check_ = kChecked;
    return control_.CheckTime();
  }

  // Reports `prefix` with every non-empty choice of the perfect extensions from number `first` on.
  bool PutChoices(const Item* prefix, int size, uint32_t first, int64_t count) {
    if (size >= stream_.max_size() || count < stream_.min_count()) return true;
    if (!Proceed()) return false;
    alignas(Arena::kAlignment) Item frame[Isa::kLanes];
    for (uint32_t i = first; i < perfect_size; ++i) {
      Isa::Insert(prefix, size, perfect_[i], frame);
      if (!stream_.Put({frame, static_cast<size_t>(size) + 1}, count, count)) return false;
      if (i + 1 < perfect_size && !PutChoices(frame, size + 1, i + 1, count)) return false;
    }
    return true;
  }

  // The same for sets of any size. Modifies and restores `items`.
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
