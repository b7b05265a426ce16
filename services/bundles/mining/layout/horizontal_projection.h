#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HORIZONTAL_PROJECTION_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HORIZONTAL_PROJECTION_H_

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "services/bundles/mining/base/basket_view.h"
#include "services/bundles/mining/layout/frequent_pairs.h"

namespace clustr::mining {

// A projection in horizontal layout with a tid-list for each candidate. Codes below
// `candidate_count` are candidates; those from there up to `extension_count` are excluded. The tid
// of a basket is the offset of its record in `baskets`. Borrowed arrays.
template <class Code, class Count>
struct HorizontalProjection {
  uint32_t candidate_count = 0;
  uint32_t extension_count = 0;
  const Item* items = nullptr;  // Indexed by code.
  // Indexed by code. These include baskets that were dropped because they contain too few
  // extensions.
  const Count* counts = nullptr;
  const uint32_t* begins = nullptr;  // Indexed by candidate, into `tids`.
  const uint32_t* ends = nullptr;
  const uint32_t* tids = nullptr;  // The tid-lists, each ascending.
  const Code* baskets = nullptr;
  uint32_t basket_count = 0;
  uint64_t entries = 0;                         // Codes in all records together.
  const FrequentPairs<Count>* pairs = nullptr;  // Null unless they were counted.
};

// The record of a basket. At its tid stands the number of its codes, then follow the codes,
// ascending. If baskets are weighted, the weight stands before the tid.
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
  // For records that lie one behind the other.
  static constexpr uint32_t kFirstTid = kWeightCodes;
  static uint32_t NextTid(uint32_t tid, uint32_t codes) { return tid + codes + kHeader; }

  static const Code* begin(const Code* record) { return record + 1; }
  static const Code* end(const Code* record) { return record + 1 + *record; }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_HORIZONTAL_PROJECTION_H_
