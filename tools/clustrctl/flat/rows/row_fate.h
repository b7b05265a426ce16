#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_FATE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_FATE_H_

#include "tools/clustrctl/flat/columns/row_filter.h"
#include "tools/clustrctl/flat/kinds/item_parts.h"
#include "tools/clustrctl/flat/rows/file_row.h"

namespace clustr::ctl {

// Says which rows count, and which of those are returns by what they are called. Not thread-safe;
// borrows its arguments.
class RowFate {
 public:
  // `filter` is that of the user, `form_filter` leaves out orders that never came about.
  RowFate(const RowContext* in, const RowFilter* filter, const RowFilter* form_filter,
          ItemParts* parts)
      : in_(*in), filter_(*filter), form_filter_(*form_filter), parts_(*parts) {}

  // Whether a row counts; counts and notes it in the book if it does not. Its order must have been
  // read. Call it once for each row, in the order of the file.
  bool Counts(const FileRow& row);

  // Whether the row is a return by --return-where, or by a column such as `type`.
  bool IsReturnByKind(const FileRow& row) const;

  // Whether the row names an order but no product and no units, as in exports that put a row of its
  // own before the lines of each order.
  bool IsHeaderOfOrder(const FileRow& row) const;

 private:
  bool CameAbout(const FileRow& row);
  static bool Fits(const RowFilter& filter, const FileRow& row, RowFilter::Verdict* earlier);
  bool IsNoSale(const FileRow& row) const;
  bool HasPrice(const FileRow& row) const;

  const RowContext& in_;
  const RowFilter& filter_;
  const RowFilter& form_filter_;
  ItemParts& parts_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_ROW_FATE_H_
