#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PAIR_COUNTS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PAIR_COUNTS_H_

#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/itemset_stream.h"
#include "services/bundles/mining/layout/root_projection.h"

namespace clustr::mining {

// Finds the frequent sets of one and two items without a search. Meant for many baskets with few
// frequent items: counts all pairs in one pass over the baskets, in a square that fits the cache.
// Only the live items, those in at least two frequent pairs, can be in larger sets; the search
// continues with them alone.
class PairCounts {
 public:
  // Highest number of items for which pairs are counted. Takes 4 MiB for each thread, twice that if
  // baskets are weighted.
  static constexpr size_t kMaxItems = 1024;

  // True if counting pairs first is likely to be faster: if most items are too rare for a frequent
  // pair when items occur independently, or if the baskets exceed the cache.
  static bool Promising(const BasketView& baskets, const FrequentItems& frequent,
                        int64_t min_count);

  // Bytes needed to count the pairs of `items` items.
  static int64_t MemoryBytes(const BasketView& baskets, size_t items, int threads);

  // Counts the pairs of `frequent`, which has at most kMaxItems items.
  PairCounts(const BasketView& baskets, const FrequentItems& frequent, int64_t min_count,
             int threads = 1);

  // Number of items that may be in sets of three or more.
  size_t live_items() const { return live_.size(); }
  // Puts all frequent sets of one and two items. If `search_follows`, omits the sets of live items
  // alone, which that search finds. Returns false if the stream ends the search.
  bool Report(bool search_follows, ItemsetStream& stream) const;

  // The live items by descending count, and their frequent pairs.
  FrequentItems LiveItems() const;
  RootPairs LivePairs(const FrequentItems& live) const;

 private:
  // Ranks number the items in ascending order, the order within baskets.
  int64_t count(uint32_t low, uint32_t high) const {
    return triangle_[size_t{high} * (high - 1) / 2 + low];
  }
  template <class Count>
  void CountPairs(const BasketView& baskets, int threads);

  const int64_t min_count_;
  std::vector<Item> items_;        // Indexed by rank.
  std::vector<int64_t> counts_;    // Indexed by rank.
  std::vector<uint32_t> rank_of_;  // Indexed by item.
  std::vector<int64_t> triangle_;  // Indexed by ranks low < high.
  std::vector<uint8_t> is_live_;   // Indexed by rank.
  std::vector<uint32_t> live_;     // Their ranks.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PAIR_COUNTS_H_
