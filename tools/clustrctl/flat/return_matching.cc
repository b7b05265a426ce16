#include "tools/clustrctl/flat/return_matching.h"

#include <algorithm>

#include "absl/functional/function_ref.h"

namespace clustr::ctl {
namespace {

using UnitsOf = absl::FunctionRef<int64_t(const ReturnableLine&)>;

int64_t Registered(const ReturnableLine& line) {
  return std::max<int64_t>(0, line.registered - line.claimed);
}

int64_t Kept(const ReturnableLine& line) {
  return line.quantity - std::max(line.registered, line.claimed);
}

// Claims up to `wanted` units from the lines, the latest first: those that have at least `least` of
// the kind in question, and of the same price or of any. Returns how many are still wanted.
int64_t Claim(absl::Span<ReturnableLine> lines, const ReturnedUnits& units, UnitsOf units_of,
              bool any_price, int64_t least, int64_t wanted) {
  for (size_t i = lines.size(); i-- > 0 && wanted > 0;) {
    ReturnableLine& line = lines[i];
    const int64_t available = units_of(line);
    if (available < least || (!any_price && line.price_cents != units.price_cents)) continue;
    const int64_t taken = std::min(available, wanted);
    line.claimed += taken;
    wanted -= taken;
  }
  return wanted;
}

}  // namespace

void MatchReturns(absl::Span<ReturnableLine> lines, absl::Span<ReturnedUnits> returns) {
  size_t eligible_count = 0;
  int64_t unclaimed = 0;
  for (ReturnedUnits& units : returns) {
    for (; eligible_count < lines.size() && lines[eligible_count].day <= units.day;
         ++eligible_count) {
      unclaimed += lines[eligible_count].quantity;
    }
    units.outcome = ReturnOutcome::kUnmatched;
    if (units.quantity > unclaimed) continue;
    unclaimed -= units.quantity;
    const absl::Span<ReturnableLine> eligible = lines.subspan(0, eligible_count);
    int64_t wanted = units.quantity;
    for (const bool any_price : {false, true}) {
      wanted = Claim(eligible, units, Registered, any_price, 1, wanted);
    }
    units.outcome = wanted > 0 ? ReturnOutcome::kNew : ReturnOutcome::kRegistered;
    for (const bool whole : {true, false}) {
      for (const bool any_price : {false, true}) {
        wanted = Claim(eligible, units, Kept, any_price, whole ? wanted : 1, wanted);
      }
    }
  }
}

}  // namespace clustr::ctl
