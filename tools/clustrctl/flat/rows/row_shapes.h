#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_SHAPES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_SHAPES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "tools/clustrctl/flat/columns/columns.h"

namespace clustr::ctl {

// Recognises rows of a file that are no order lines. Thread-safe once the header is set; borrows
// the columns. All of it is O(length of the row), and for ordinary rows O(1).
class RowShapes {
 public:
  explicit RowShapes(const FlatColumns* columns) : columns_(*columns) {}

  // The cells of the header row, as they stand in the file, and the number that a row may have.
  void SetHeader(absl::Span<const std::string_view> cells, size_t width);

  // Why the cells do not fit the header, with the remedy; empty if they do. Missing cells at the
  // end are empty, and so may surplus ones be, unless they may come from a separator inside a cell.
  // A line that stands in one cell, since it was quoted as a whole or has another separator, does
  // not fit.
  std::string WhyUnfit(absl::Span<const std::string_view> cells, char separator) const;

  // Whether the row is the header again, as in files that were joined. Neither case nor white space
  // nor a byte order mark count.
  bool IsHeaderAgain(absl::Span<const std::string_view> cells) const;

  // Whether the row is another header, with names of the first in other places.
  bool IsOtherHeader(absl::Span<const std::string_view> cells) const;

  // Whether the row sums up others: it begins with a word for "total" and has no product, or has
  // no order and is called so in place of the product, or has neither and is called so anywhere. Or
  // it consists of dashes.
  bool IsSummary(absl::Span<const std::string_view> cells) const;

  // Whether a refused row at the end of the file is no row at all: a single text that is no order
  // number, or figures without order, product and date.
  bool MayBeFooter(absl::Span<const std::string_view> cells) const;

  // Whether this is a word for "total", as a product is never called.
  static bool NamesATotal(std::string_view text);

 private:
  bool NamesAColumn(std::string_view cell) const;

  const FlatColumns& columns_;
  std::vector<std::string> header_;  // As in the file, without white space around.
  size_t width_ = 0;                 // Cells that a row may have.
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_SHAPES_H_
