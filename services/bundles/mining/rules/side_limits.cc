#include "services/bundles/mining/rules/side_limits.h"

#include <algorithm>
#include <limits>

namespace clustr::mining {
namespace {

// The highest number from `low` to `high` for which `may` is true, or low - 1. Once `may` is false,
// it must stay false for all higher numbers.
template <class Predicate>
int64_t Highest(int64_t low, int64_t high, Predicate may) {
  if (high < low || may(high)) return high;
  int64_t holds = low - 1;
  while (high - holds > 1) {
    const int64_t middle = holds + (high - holds) / 2;
    (may(middle) ? holds : high) = middle;
  }
  return holds;
}

}  // namespace

bool SideLimits::MayTake(int64_t min_a, int64_t min_b, int64_t count,
                         absl::Span<const Item> min_antecedents) const {
  const RuleCounts counts = {min_a, min_b, count, basket_count_};
  return MeetsBounds(counts, thresholds_) &&
         best_.MayTake(measure_(counts), count, min_antecedents);
}

SideLimits::Limits SideLimits::For(int64_t count) {
  const auto at = static_cast<size_t>(count);
  Limits limits;
  if (at >= kMaxKnown) {
    Lower(count, limits);
    return limits;
  }
  if (at >= known_.size()) known_.resize(std::min(kMaxKnown, 2 * at + 1));
  Known& known = known_[at];
  if (known.version != best_.version() + 1) {
    Lower(count, known);
    known.version = best_.version() + 1;
  }
  return known;
}

// A side's count is at least that of the set and at most the number of baskets.
void SideLimits::Lower(int64_t count, Limits& limits) const {
  const auto lower = [&](int64_t& high, auto may) {
    high = Highest(count, std::min(high, basket_count_), may);
  };
  lower(limits.max_a, [&](int64_t a) { return MayTake(a, count, count, {}); });
  lower(limits.max_b, [&](int64_t b) { return MayTake(count, b, count, {}); });
  constexpr Item kLast[] = {std::numeric_limits<Item>::max()};
  limits.ties = !MayTake(count, count, count, kLast);
}

}  // namespace clustr::mining
