#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_PIECES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_PIECES_H_

#include <string_view>

namespace clustr::ctl {

// A quantity without the word for pieces on either side: `2 pcs`, `2 Stk.`, `x2` and `2x` become
// `2`. Any other text is returned unchanged, also with a measure, such as `2 kg` or `2 boxes`. Pure
// function, thread-safe, O(length).
std::string_view WithoutPieces(std::string_view quantity);

// The number of a quantity with a measure of weight, volume or length behind it: `1,5` of `1,5 kg`.
// Empty if there is no such measure. Pure function, thread-safe, O(length).
std::string_view WithoutMeasure(std::string_view quantity);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_PIECES_H_
