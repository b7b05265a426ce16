#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_SETTINGS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_SETTINGS_H_

#include <optional>
#include <string>
#include <vector>

#include "tools/clustrctl/flat/columns/baskets.h"
#include "tools/clustrctl/flat/columns/roles.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/values/amount_text.h"
#include "tools/clustrctl/flat/values/day_reading.h"

namespace clustr::ctl {

// How the user says that a file is to be read; what is not said is found out from the file.
struct FileSettings {
  ColumnNames columns;
  std::vector<RowCondition> where;
  std::vector<RowCondition> return_where;  // Rows that fit one of them are returns.
  std::string currency;                    // That the amounts must be in; empty if any.
  bool with_cancelled = false;  // Takes rows that the form's own conditions leave out.
  DaySettings days;
  std::optional<DecimalMark> decimal;
  bool baskets = false;  // Each row is a basket.
  BasketSettings basket;
  std::string encoding;  // Empty: UTF-8, UTF-16, or Windows-1252 where it is not UTF-8.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_FILE_SETTINGS_H_
