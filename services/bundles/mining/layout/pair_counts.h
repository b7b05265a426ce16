#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PAIR_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PAIR_COUNTS_H_

#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/layout/root_projection.h"

namespace clustr::mining {

// The part of a search that two items decide, for many baskets of few frequent items: all pairs are
// counted in one pass over the baskets, in a square that stays in the cache, and only items with
// two frequent partners, which a larger set needs, are search_follows for lists.
class PairCounts {
 public:
  // Most items for which pairs are counted: 4 MiB a thread, or twice that for weighted baskets.
  static constexpr size_t kMaxItems = 1024;

  // True if counting pairs first promises to be faster: most items are too rare for a frequent pair
  // if they occur by chance, or the baskets exceed the cache.
  static bool Promising(const BasketView& baskets, const FrequentItems& frequent,
                        int64_t min_count);

  // The memory that it takes to count the pairs of `items` items.
  static int64_t MemoryBytes(const BasketView& baskets, size_t items, int threads);

  // Of the items of `frequent`, at most kMaxItems.
  PairCounts(const BasketView& baskets, const FrequentItems& frequent, int64_t min_count,
             int threads = 1);

  // Items that may be in sets of three and more.
  size_t live_items() const { return live_.size(); }
  // Puts all frequent sets of one and two items, but for those of live items alone if those are
  // `search_follows` to a search. False if the stream ends the search.
  bool Report(bool search_follows, ItemsetStream& stream) const;

  // The live items by falling count, and which of them are frequent together.
  FrequentItems LiveItems() const;
  RootPairs LivePairs(const FrequentItems& live) const;

 private:
  // Ranks number the items in ascending order, as baskets hold them.
  int64_t count(uint32_t low, uint32_t high) const {
    return triangle_[size_t{high} * (high - 1) / 2 + low];
  }
  template <class Count>
  void CountPairs(const BasketView& baskets, int threads);

  const int64_t min_count_;
  std::vector<Item> items_;        // By rank.
  std::vector<int64_t> counts_;    // By rank.
  std::vector<uint32_t> rank_of_;  // By item.
  std::vector<int64_t> triangle_;  // Of ranks low < high.
  std::vector<uint8_t> is_live_;   // By rank.
  std::vector<uint32_t> live_;     // Ranks.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PAIR_COUNTS_H_
