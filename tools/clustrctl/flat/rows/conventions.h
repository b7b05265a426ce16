#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_CONVENTIONS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_CONVENTIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/kinds/state_survey.h"
#include "tools/clustrctl/flat/rows/row_units.h"
#include "tools/clustrctl/flat/values/day_reading.h"

namespace clustr::ctl {

// What all rows of a file together say about how each of them is to be read.
struct Conventions {
  std::optional<DayOrder> day_order;
  bool refuse_serials = false;
  std::string cut_date;  // A date that seems to be cut off; empty if there is none.
  Marks marks;
  bool order_stands_once = false;  // An order number stands on the first row of its order only.
  bool orders_are_rare = false;    // At least half of the rows have no order number.
  bool orders_are_lines =
      false;  // Each row has its own order number, but some rows belong together.
  bool total_is_of_line = true;   // False if the column `total` is not the total of its line.
  bool times_are_read = true;     // False if the column of times holds anything else.
  std::vector<KindColumn> kinds;  // Columns that say which rows are returns or no sales.
  std::vector<PlacedCondition> returns;  // Rows that fit one of them are returns, says the user.
  // Rows with an original order are returns even without a sign.
  bool originals_are_returns = false;
  // Roles whose column is empty, while another one of the same name is not.
  std::vector<FlatColumns::Twin> moved;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_CONVENTIONS_H_
