#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_COLUMN_VALUES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_COLUMN_VALUES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clustr::ctl {

// Values of a column, with the number of rows that have each.
struct ColumnValues {
  std::string column;
  std::vector<std::pair<std::string, int64_t>> values;  // The first different ones.

  // `paid (3 rows), cancelled (1 row) and 4 other values`. At most eight values are named.
  std::string Text() const;
};

// A cell as it is shown to the user: UTF-8, on one line.
std::string ShownText(std::string_view cell);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_COLUMN_VALUES_H_
