#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_WHERE_SURVEY_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_WHERE_SURVEY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/kinds/column_values.h"

namespace clustr::ctl {

// Goes through all rows of a file and finds values of --where that no row has, since they are
// mistyped or written otherwise in the file. Not thread-safe; borrows the filter.
class WhereSurvey {
 public:
  explicit WhereSurvey(const RowFilter* filter);

  void Add(absl::Span<const std::string_view> cells);

  // Whether rows were added, and none fits.
  bool leaves_nothing() const { return rows_ > 0 && fitting_ == 0 && !columns_.empty(); }

  // A whole sentence for each condition with values that no row has, or one if nothing is left,
  // with the values that the columns have.
  std::vector<std::string> Notes() const;

 private:
  struct Column {
    std::vector<int64_t> rows;  // That have each of the condition's values.
    ColumnValues found;
    bool has_more = false;  // Values that are not in `found`.
  };

  std::string MissingText(size_t condition) const;
  std::string FoundText(size_t condition) const;
  std::string NothingText() const;

  const RowFilter& filter_;
  std::vector<Column> columns_;  // One for each condition.
  int64_t rows_ = 0;
  int64_t fitting_ = 0;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_KINDS_WHERE_SURVEY_H_
