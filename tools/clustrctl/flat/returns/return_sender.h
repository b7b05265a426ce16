#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_SENDER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_SENDER_H_

#include "absl/status/status.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/book/order_book.h"
#include "tools/clustrctl/flat/book/refusals.h"

namespace clustr::ctl {

// Registers the claimed units of stored lines, in OrderBook::orders and OrderBook::earlier, that
// are not registered yet. The request id contains the line and its revision, so a call that takes
// effect only after this process was killed is not repeated by the next run. A line that sales
// refuses is reported by its row in `refusals`.
absl::Status SendReturns(const Context& context, OrderBook* book, Refusals* refusals);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_SENDER_H_
