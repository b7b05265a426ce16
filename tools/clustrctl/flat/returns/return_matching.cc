#include "tools/clustrctl/flat/returns/return_matching.h"

#include <algorithm>

#include "absl/functional/function_ref.h"

namespace clustr::ctl {
namespace {

using UnitsOf = absl::FunctionRef<int64_t(const ReturnableLine&)>;

// Registered units that no return has claimed yet.
int64_t Registered(const ReturnableLine& line) {
  return std::max<int64_t>(0, line.registered - line.claimed);
}

int64_t Unclaimed(const ReturnableLine& line) { return line.quantity - line.claimed; }

// Claims up to `wanted` units from the lines, the latest first. Uses only lines with at least
// `min_units` available by `units_of` and, unless `any_price`, with the price of the return.
// Returns how many units are still wanted.
int64_t Claim(absl::Span<ReturnableLine> lines, UnitsOf units_of, bool any_price, int64_t min_units,
              int64_t wanted, ReturnedUnits* units) {
  for (size_t i = lines.size(); i-- > 0 && wanted > 0;) {
    ReturnableLine& line = lines[i];
    const int64_t available = units_of(line);
    if (available < min_units || (!any_price && line.price_cents != units->price_cents)) continue;
    const int64_t taken = std::min(available, wanted);
    line.claimed += taken;
    wanted -= taken;
    if (line.claimed > line.registered) units->outcome = ReturnOutcome::kNew;
  }
  return wanted;
}

void ClaimAll(bool registered_first, absl::Span<ReturnableLine> lines,
              absl::Span<ReturnedUnits> returns) {
  for (ReturnableLine& line : lines) line.claimed = 0;
  size_t eligible_count = 0;
  int64_t unclaimed = 0;
  for (ReturnedUnits& units : returns) {
    for (; eligible_count < lines.size() && lines[eligible_count].day <= units.day;
         ++eligible_count) {
      unclaimed += lines[eligible_count].quantity;
    }
    units.outcome = ReturnOutcome::kUnmatched;
    if (units.quantity > unclaimed) continue;
    units.outcome = ReturnOutcome::kRegistered;
    unclaimed -= units.quantity;
    const absl::Span<ReturnableLine> eligible = lines.subspan(0, eligible_count);
    int64_t wanted = units.quantity;
    for (const bool any_price : {false, true}) {
      if (registered_first) wanted = Claim(eligible, Registered, any_price, 1, wanted, &units);
    }
    for (const bool whole : {true, false}) {
      for (const bool any_price : {false, true}) {
        wanted = Claim(eligible, Unclaimed, any_price, whole ? wanted : 1, wanted, &units);
      }
    }
  }
}

}  // namespace

void MatchReturns(absl::Span<ReturnableLine> lines, absl::Span<ReturnedUnits> returns) {
  ClaimAll(/*registered_first=*/false, lines, returns);
  const bool more = std::any_of(lines.begin(), lines.end(), [](const ReturnableLine& line) {
    return line.registered > line.claimed;
  });
  if (more) ClaimAll(/*registered_first=*/true, lines, returns);
}

}  // namespace clustr::ctl
