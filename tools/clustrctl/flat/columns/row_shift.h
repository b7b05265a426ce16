#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROW_SHIFT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROW_SHIFT_H_

#include <string_view>

#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/columns.h"

namespace clustr::ctl {

// Whether a row with one to three cells more than the header has, all of them empty, can also be
// read as a row whose cells have separators inside, which moved the cells behind them: `tea,Tea
// 1,5,4,6.00,` may be 5 units at 4 or 4 units of `Tea 1,5` at 6.00. This is so if joining as many
// adjacent cells gives a row with numbers and a date where the columns need them. Pure; O(cells^3).
bool MayBeShifted(absl::Span<const std::string_view> cells, const FlatColumns& columns,
                  char separator);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_ROW_SHIFT_H_
