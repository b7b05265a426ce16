#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_SENDER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_SENDER_H_

#include "absl/status/status.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/file/order_book.h"
#include "tools/clustrctl/flat/file/refusals.h"

namespace clustr::ctl {

// Registers the units of stored lines that are claimed and not registered yet, in OrderBook::orders
// and OrderBook::earlier. The request id holds the line and its revision, so that a call that lands
// late, after its sender was killed, is not made up for twice. A line that sales refuses is told of
// by its row in `refusals`.
absl::Status SendReturns(const Context& context, OrderBook* book, Refusals* refusals);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_SENDER_H_
