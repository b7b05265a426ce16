#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURN_SENDER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURN_SENDER_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flat/order_book.h"
#include "tools/clustrctl/flat/refusals.h"

namespace clustr::ctl {

// What became of the rows of returned units.
struct SentReturns {
  int64_t registered = 0;  // Matched, units were registered.
  int64_t unchanged = 0;   // Matched with units that were registered before.
  Refusals unmatched;
};

// Matches the returns of a book with its lines that are stored: those of the same customer and
// product, bought on the day of the return or before (see MatchReturns). A return whose order names
// no customer is matched with lines of that order alone. A row that cannot be matched is told of
// and changes nothing. Sets FlatLine::claimed.
void MatchReturns(const FlatColumns& columns, OrderBook* book, SentReturns* sent);

// Registers the units that are claimed of stored lines and not registered yet. The request id holds
// the line and its revision, so that a call that lands late, after its sender was killed, is not
// made up for twice. A line that sales refuses is told of by its row in `refusals`.
absl::Status SendReturns(const Context& context, OrderBook* book, Refusals* refusals);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURN_SENDER_H_
