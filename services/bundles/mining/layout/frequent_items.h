#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_ITEMS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_ITEMS_H_

#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"

// The kernel's terms, each with one meaning:
// - Count (support count) of an itemset: the total weight of the baskets that contain it. The
//   itemset is frequent if its count is at least min_count.
// - Code: the number of an item in a projection. A pair: two codes that are frequent together.
// - Prefix: the itemset that a branch of the search extends, one item after another.
// - Projection (conditional database) of a prefix: the baskets that contain it, reduced to its
//   extensions. The root projection is that of the empty prefix.
// - Extension of a prefix: an item that is frequent together with it. By a candidate, this branch
//   extends the prefix; the sets with an excluded one belong to another branch, and it is kept
//   only to check for closed or maximal sets. A perfect one is in all baskets of the prefix.
// - Tid: the number of a basket. Horizontal layout stores the codes of each basket; vertical
//   layout stores the tids of each code, as a tid-list or as a tid-bitmap.
// - Antecedent A and consequent C: the sides of a rule A => C.
// Invariants:
// 1. Root codes are 0, 1, ... by descending count, ties by item. Projections keep this order, so
//    the search depends on counts alone and not on the order of the baskets.
// 2. A prefix extended by code c has lower codes as candidates and higher ones as excluded
//    extensions. So each itemset is found once, in the branch of its rarest item.
// 3. The codes of a basket, tid-lists and reported itemsets are ascending.
// 4. The reporter holds perfect extensions; projections below the root do not contain any.
// 5. A set with all its perfect extensions is closed if no excluded extension is perfect, and
//    maximal if no other extension is left.
namespace clustr::mining {

// Frequent items, numbered by code.
struct FrequentItems {
  std::vector<Item> items;      // Indexed by code.
  std::vector<int64_t> counts;  // Indexed by code.
};

// The items whose count in `baskets` is at least `min_count`. Makes one pass over the baskets, and
// meanwhile uses up to 12 bytes per thread for each number up to the highest item.
FrequentItems CountFrequentItems(const BasketView& baskets, int64_t min_count, int threads = 1);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_FREQUENT_ITEMS_H_
