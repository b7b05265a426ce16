#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_LAYOUT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_LAYOUT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tools/clustrctl/flat/columns/columns.h"

namespace clustr::ctl {

// How the text of a file is divided into rows and columns.
struct Layout {
  char separator = ',';
  int records_before_header = 0;  // Records of a preamble, with a line `sep=;`.
  FlatColumns columns;
  // Cells that a row may have: those of the header row or, if nearly all rows end with the same
  // number of surplus empty cells, so many more.
  size_t width = 0;
};

// Finds separator and header row in the beginning of a file: the first record whose cells name the
// columns that are needed, if they are separated by comma, semicolon, tab or bar, or by what a
// first line `sep=` names. FAILED_PRECONDITION, with the remedy, if there is none; the message is
// that of FlatColumns::Bind for the record that looks most like a header.
absl::StatusOr<Layout> FindLayout(std::string_view head, const ColumnNames& names, bool has_day);

// The cells as names of columns: in UTF-8, on one line. Pure.
std::vector<std::string> HeaderNames(const std::vector<std::string_view>& cells);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_COLUMNS_LAYOUT_H_
