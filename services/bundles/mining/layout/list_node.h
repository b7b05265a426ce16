#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_LIST_NODE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_LIST_NODE_H_

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/layout/frequent_pairs.h"

namespace clustr::mining {

// The baskets that hold a set, as rows of codes and as lists of the rows that hold each code. Codes
// from 0 up to `size` extend the set. Those from there up to `total` were left behind: they extend
// it to sets that other parts of the search find, and are here where it is asked whether a set is
// closed or maximal. Borrowed arrays.
template <class Code, class Count>
struct ListNode {
  uint32_t size = 0;
  uint32_t total = 0;
  const Item* items = nullptr;       // By code.
  const Count* counts = nullptr;     // By code: the weight of all baskets, also of those dropped.
  const uint32_t* begins = nullptr;  // By code below `size`, into `places`.
  const uint32_t* ends = nullptr;
  const uint32_t* places = nullptr;  // Of rows, ascending.
  const Code* rows = nullptr;
  uint32_t row_count = 0;
  uint64_t entries = 0;                         // Codes of all rows.
  const FrequentPairs<Count>* pairs = nullptr;  // If they were counted.
};

// A row begins with the weight of its basket, if those differ, then come, at its place, the number
// of its codes and the codes, ascending.
template <class Code, class Count>
struct ListRow {
  static constexpr bool kWeighted = std::is_same_v<Count, int64_t>;
  static_assert(!kWeighted || sizeof(Code) == sizeof(uint32_t));
  static constexpr uint32_t kWeightCodes = kWeighted ? 2 : 0;
  static constexpr uint32_t kHeader = kWeightCodes + 1;

  static Count Weight(const Code* row) {
    if constexpr (!kWeighted) return 1;
    Count weight;
    std::memcpy(&weight, row - kWeightCodes, sizeof(weight));
    return weight;
  }
  static void SetWeight(Code* row, Count weight) {
    if constexpr (kWeighted) std::memcpy(row - kWeightCodes, &weight, sizeof(weight));
  }
  // Places of rows that lie one behind the other.
  static constexpr uint32_t kFirstPlace = kWeightCodes;
  static uint32_t NextPlace(uint32_t place, uint32_t codes) { return place + codes + kHeader; }

  static const Code* begin(const Code* row) { return row + 1; }
  static const Code* end(const Code* row) { return row + 1 + *row; }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_LIST_NODE_H_
