#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_BASKET_CELLS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_BASKET_CELLS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

// What the cells of a file with a basket per row say. Pure functions, thread-safe.
namespace clustr::ctl {

enum class BasketCell {
  kEmpty,   // Nothing, a word such as NULL, or a dash.
  kNone,    // 0, `false`, `nein`: none of the item is in the basket.
  kOne,     // `true`, `ja`, a check mark.
  kNumber,  // A number of units; a number with a leading zero is none.
  kOther,
};
BasketCell BasketCellOf(std::string_view cell);

// Whether a name is one of a series such as `Item 1`, `product_2`, `sku3`. Columns with such names
// hold items, and are none.
bool IsOfSeries(std::string_view name);

// Whether the cells of the columns `items` are numbers of units of the items that the columns are
// named by, rather than items themselves. `given` is what the user says. FAILED_PRECONDITION, with
// the remedy, if both may be.
absl::StatusOr<bool> CellsAreCounts(absl::Span<const std::string> header,
                                    absl::Span<const size_t> items,
                                    absl::Span<const std::vector<std::string>> records,
                                    std::optional<bool> given);

// Whether the first record names columns: its cells are a series, or none is a number and all cells
// below it are.
bool FirstNamesColumns(absl::Span<const std::vector<std::string>> records);

// Whether the column numbers the records: it has no name, or that which pandas gives it, and holds
// consecutive numbers.
bool NumbersRecords(const std::string& name, size_t column,
                    absl::Span<const std::vector<std::string>> records);

// Whether the column holds how many of the other columns `items` have text.
bool CountsItems(size_t column, absl::Span<const size_t> items,
                 absl::Span<const std::vector<std::string>> records);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_BASKET_CELLS_H_
