#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_EXTENSIONS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_EXTENSIONS_H_

#include <cstdint>

namespace clustr::mining {

// Extensions of a prefix, as codes of the projection that they were counted in. Borrowed arrays.
template <class Count>
struct Extensions {
  uint32_t* codes;  // Ascending.
  Count* counts;    // Counts of prefix + code.
  uint32_t size;
};

// The same with all that counting them found. Borrowed arrays.
template <class Count>
struct CountedExtensions {
  Extensions<Count> extensions = {};  // The candidates, then the excluded ones.
  uint32_t candidate_count = 0;
  uint64_t* bitmaps = nullptr;  // The tid-bitmaps of all of them, if counting made those.
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_EXTENSIONS_H_
