#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_ORDERS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_ORDERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/notes.h"
#include "tools/clustrctl/flat/book/order_book.h"

namespace clustr::ctl {

// What sales has stored for the orders of a book but the book lacks.
struct StoredOrders {
  int64_t extra_lines = 0;               // Number of such lines.
  std::vector<std::string> extra_shown;  // Descriptions of up to 20 of them.
  int64_t other_baskets = 0;             // Numbered baskets that are stored with other contents,
  std::string other_basket;              // and the first of them.
  Notes notes;                           // What the user should know beside.
};

// Looks up in sales which orders of `book` are stored, by external_id, and which of their lines, by
// product, quantity, price and, if the file gives it, total. Sets transaction_id, sale_id and the
// values that belong to them; they are 0 where nothing is stored. Sets the problem of an order that
// is stored with another customer or day. An order `#1001` is also that which is stored as `1001`,
// and the other way round, if none is stored as the file writes it, and if it has only returns, or
// the same day and customer and all the stored lines: otherwise it is one of another system, and
// stays a new order. Fills OrderBook::earlier with
// stored lines that the file lacks and that a return with the number of their order may be matched
// with. Reads all headers that have an external_id, then each stored order of the book.
//
// A stored line of which units were cancelled since, as the file says, becomes an obsolete line of
// its order, which the line of the file corrects.
//
// With `replace`, another customer or day is no problem, and stored lines that the file lacks
// become obsolete lines of their order. If a row was refused that may stand for them, only those
// do for which the file has another line of the same product, which corrects them.
absl::Status LearnStoredOrders(const Context& context, bool replace, OrderBook* book,
                               StoredOrders* stored);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_ORDERS_H_
