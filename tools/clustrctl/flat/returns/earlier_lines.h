#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_EARLIER_LINES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_EARLIER_LINES_H_

#include <vector>

#include "absl/status/status.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/returns/book_returns.h"

namespace clustr::ctl {

// Fills OrderBook::earlier with the stored lines of these customers and products whose orders are
// not in the book. Reads all headers, then each such order of these customers; reads nothing
// without keys.
absl::Status LearnEarlierLines(const Context& context, const std::vector<ReturnKey>& keys,
                               OrderBook* book);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_EARLIER_LINES_H_
