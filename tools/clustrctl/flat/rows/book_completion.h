#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_BOOK_COMPLETION_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_BOOK_COMPLETION_H_

#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"
#include "tools/clustrctl/flat/columns/columns.h"

// What can be said of the orders of a file only after its last row. Every code of the book must have
// its entry.
namespace clustr::ctl {

// Refuses the lines and returns whose product code or order number is a date, if other codes of the
// column are such that a spreadsheet makes dates of them: the code is lost. Notes such products if
// no other code shows what they were.
void RefuseDatesAsCodes(const FlatColumns& columns, OrderBook* book, Refusals* refusals);

// Refuses all lines of orders that have no day, or whose customer may stand in a row that could not
// be read.
void RefuseIncompleteOrders(const FlatColumns& columns, OrderBook* book, Refusals* refusals);

// Leaves out second rows of one line, if `pairs_are_one_line`; completes returns, products and
// customers by what the whole file says of them; and notes doubtful orders. To be called once.
void CompleteBook(bool pairs_are_one_line, OrderBook* book);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_BOOK_COMPLETION_H_
