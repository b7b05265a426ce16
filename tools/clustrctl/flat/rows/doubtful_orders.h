#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_DOUBTFUL_ORDERS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_DOUBTFUL_ORDERS_H_

#include "tools/clustrctl/flat/book/order_book.h"

namespace clustr::ctl {

// Notes orders of a complete book that were read as they are written, but seem to be meant
// otherwise: orders whose rows are far apart, which two tills may have given the same number;
// products called "Total" that sum up their orders; orders that stand again below a repeated
// header; orders of the customer 0; and customers whose e-mail addresses differ in case only.
// O(lines), and for repeated orders O(lines of the order, squared).
void NoteDoubtfulOrders(OrderBook* book);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_ROWS_DOUBTFUL_ORDERS_H_
