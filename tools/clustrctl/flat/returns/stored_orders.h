#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_ORDERS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_ORDERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/file/order_book.h"

namespace clustr::ctl {

// What sales has of the orders of a book beyond the book itself.
struct StoredOrders {
  int64_t extra_lines = 0;               // Lines that the book lacks.
  std::vector<std::string> extra_shown;  // 20 of them in words.
};

// Asks sales which orders and lines of `book` it has, by external_id, and by product, quantity and
// price, and sets transaction_id, sale_id and what goes with them; what is not stored has 0. An
// order that is stored with another customer or day gets a problem. Reads all headers that have an
// external_id, then each order of the book that is stored.
absl::Status LearnStoredOrders(const Context& context, OrderBook* book, StoredOrders* stored);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_STORED_ORDERS_H_
