#include "common/rpc/access/rate_limit.h"

#include <algorithm>

namespace clustr::rpc {
namespace {

// Looking through all callers for those to forget costs a millisecond.
constexpr std::chrono::seconds kBetweenSweeps{1};
// The allowance of those that are too many to be told apart.
constexpr absl::string_view kOthers = "";

}  // namespace

double RateLimit::Left(const Allowance& allowance, SteadyTime now) const {
  const double seconds = absl::ToDoubleSeconds(absl::FromChrono(now - allowance.at));
  return std::min(per_second_, allowance.calls + std::max(seconds, 0.0) * per_second_);
}

RateLimit::Allowance& RateLimit::Of(absl::string_view caller, SteadyTime now) {
  if (const auto known = callers_.find(caller); known != callers_.end()) return known->second;
  if (callers_.size() >= kMaxCallers && now >= next_sweep_) {
    next_sweep_ = now + kBetweenSweeps;
    // Whoever has a full allowance may as well be new.
    absl::erase_if(callers_,
                   [&](const auto& entry) { return Left(entry.second, now) >= per_second_; });
  }
  if (callers_.size() >= kMaxCallers) caller = kOthers;
  return callers_.try_emplace(caller, Allowance{per_second_, now}).first->second;
}

bool RateLimit::Take(absl::string_view caller, SteadyTime now) {
  if (per_second_ == 0) return true;
  absl::MutexLock lock(&mutex_);
  Allowance& allowance = Of(caller, now);
  const double left = Left(allowance, now);
  if (left < 1) return false;
  allowance = {left - 1, now};
  return true;
}

}  // namespace clustr::rpc
