#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_MATCHING_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_MATCHING_H_

#include <cstdint>

#include "absl/types/span.h"

namespace clustr::ctl {

// A line of one customer and one product, as matching sees it.
struct ReturnableLine {
  int32_t day = 0;
  int64_t price_cents = 0;
  int64_t quantity = 0;
  int64_t registered = 0;  // Units that are stored as returned already.
  int64_t claimed = 0;     // Set: units that the returns of the file account for.
};

enum class ReturnOutcome {
  kUnmatched,   // The lines do not have as many units: none of them is claimed.
  kRegistered,  // Matched with units that are stored as returned already.
  kNew,         // Matched, and some of the units are still to be registered.
};

// Units of the same customer and product that came back.
struct ReturnedUnits {
  int32_t day = 0;
  int64_t price_cents = 0;
  int64_t quantity = 0;
  ReturnOutcome outcome = ReturnOutcome::kUnmatched;  // Set.
};

// Finds for each of `returns`, in their order, lines of the same day or earlier that have its
// units: one line that has all of them, best at the same price, or several, the latest first. A
// return is matched whole or not at all. Both spans are in the order of their days. What a line is
// to have registered in the end is max(registered, claimed).
//
// Where more is registered somewhere than these matches would have it, it was not they alone that
// led to it; then returns claim units that are registered before others.
//
// Run again on what it led to, or on a part of that, it leads to the same. That is plain as long as
// the matches do not look at what is registered. Otherwise: whether a return is matched depends on
// the sums of quantities and claims alone, since a later return may claim whatever an earlier one
// may; and all that was registered for the returns up to one lies on lines that it may claim from.
// O(lines * returns).
void MatchReturns(absl::Span<ReturnableLine> lines, absl::Span<ReturnedUnits> returns);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_RETURNS_RETURN_MATCHING_H_
