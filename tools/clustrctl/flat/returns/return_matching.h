#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_MATCHING_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_MATCHING_H_

#include <cstdint>

#include "absl/types/span.h"

namespace clustr::ctl {

// A line of one customer and one product, as MatchReturns uses it.
struct ReturnableLine {
  int32_t day = 0;
  int64_t price_cents = 0;
  int64_t quantity = 0;
  int64_t registered = 0;  // Units that are already stored as returned.
  int64_t claimed = 0;     // Output: units that the returns of the file account for.
};

enum class ReturnOutcome {
  kUnmatched,   // The lines have too few units left; none is claimed.
  kRegistered,  // Matched with units that are already stored as returned.
  kNew,         // Matched, and at least one of the units is yet to be registered.
};

// Returned units of the same customer and product.
struct ReturnedUnits {
  int32_t day = 0;
  int64_t price_cents = 0;
  int64_t quantity = 0;
  ReturnOutcome outcome = ReturnOutcome::kUnmatched;  // Output.
};

// Matches each of `returns`, in their order, with lines of the same day or earlier. One line with
// enough units is preferred, above all at the same price; otherwise several lines share the units,
// the latest first. A return is matched as a whole or not at all. Both spans must be sorted by day.
// In the end a line should have max(registered, claimed) units registered.
//
// If some line has more units registered than these matches claim, other returns have registered
// units as well. All returns are then matched anew, and claim registered units before others.
//
// The result is stable: matching again, after all or some of the claimed units were registered,
// gives the same. This is obvious as long as matching ignores what is registered. Otherwise, it
// holds because whether a return is matched depends only on sums of quantities and claims, since a
// later return may claim everything that an earlier one may, and because all units registered for a
// return and its predecessors are on lines from which it may claim. O(lines * returns).
void MatchReturns(absl::Span<ReturnableLine> lines, absl::Span<ReturnedUnits> returns);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_MATCHING_H_
