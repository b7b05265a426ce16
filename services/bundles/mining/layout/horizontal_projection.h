#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HORIZONTAL_PROJECTION_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HORIZONTAL_PROJECTION_H_

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/layout/frequent_pairs.h"

namespace clustr::mining {

// The baskets that hold a set, as baskets of codes and as lists of the baskets that hold each code.
// Codes from 0 up to `size` extend the set. Those from there up to `total` were left behind: they
// extend it to sets that other parts of the search find, and are here where it is asked whether a
// set is closed or maximal. Borrowed arrays.
template <class Code, class Count>
struct HorizontalProjection {
  uint32_t candidate_count = 0;
  uint32_t extension_count = 0;
  const Item* items = nullptr;       // By code.
  const Count* counts = nullptr;     // By code: the weight of all baskets, also of those dropped.
  const uint32_t* begins = nullptr;  // By code below `size`, into `tids`.
  const uint32_t* ends = nullptr;
  const uint32_t* tids = nullptr;  // Of baskets, ascending.
  const Code* baskets = nullptr;
  uint32_t basket_count = 0;
  uint64_t entries = 0;                         // Codes of all baskets.
  const FrequentPairs<Count>* pairs = nullptr;  // If they were counted.
};

// A record begins with the weight of its basket, if those differ, then come, at its tid, the number
// of its codes and the codes, ascending.
template <class Code, class Count>
struct BasketRecord {
  static constexpr bool kWeighted = std::is_same_v<Count, int64_t>;
  static_assert(!kWeighted || sizeof(Code) == sizeof(uint32_t));
  static constexpr uint32_t kWeightCodes = kWeighted ? 2 : 0;
  static constexpr uint32_t kHeader = kWeightCodes + 1;

  static Count Weight(const Code* record) {
    if constexpr (!kWeighted) return 1;
    Count weight;
    std::memcpy(&weight, record - kWeightCodes, sizeof(weight));
    return weight;
  }
  static void SetWeight(Code* record, Count weight) {
    if constexpr (kWeighted) std::memcpy(record - kWeightCodes, &weight, sizeof(weight));
  }
  // Places of baskets that lie one behind the other.
  static constexpr uint32_t kFirstTid = kWeightCodes;
  static uint32_t NextTid(uint32_t tid, uint32_t codes) { return tid + codes + kHeader; }

  static const Code* begin(const Code* record) { return record + 1; }
  static const Code* end(const Code* record) { return record + 1 + *record; }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HORIZONTAL_PROJECTION_H_
