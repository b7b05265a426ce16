#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_HEADER_OF_ORDER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_HEADER_OF_ORDER_H_

#include "tools/clustrctl/flat/rows/file_row.h"

// Day, customer and the like of an order, which all of its rows share. A row that they are checked
// for must have an order.
namespace clustr::ctl {

// Whether the row's time is so near to that of its order that midnight may be between them.
bool IsNearOrder(const RowContext& in, const FileRow& row);

// Refuses a row whose day or customer is not that of its order's earlier rows.
void CheckHeader(const RowContext& in, FileRow* row);

// Keeps day, customer and the like for the order. Those of a refused row are not firm: they give
// way to those of a row that is taken.
void TakeHeader(const RowContext& in, const FileRow& row, bool is_firm);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_HEADER_OF_ORDER_H_
