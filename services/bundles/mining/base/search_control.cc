#include "services/bundles/mining/base/search_control.h"

#include "absl/strings/str_cat.h"

namespace clustr::mining {

bool SearchControl::AddMemory(int64_t bytes) {
  if (memory_bytes_.fetch_add(bytes) + bytes > limits_.max_memory_bytes) StopFor(Stop::kMemory);
  return !stopped();
}

bool SearchControl::CheckTime() {
  if (IsSet(limits_.cancelled) || IsSet(limits_.draining)) StopFor(Stop::kCancelled);
  using Clock = std::chrono::steady_clock;
  if (limits_.deadline != Clock::time_point::max() && Clock::now() > limits_.deadline) {
    StopFor(Stop::kTime);
  }
  return !stopped();
}

absl::Status SearchControl::status() const {
  switch (stop_.load()) {
    case Stop::kMemory:
      return absl::ResourceExhaustedError(
          absl::StrCat("the search needs more than its limit of ", limits_.max_memory_bytes,
                       " bytes of memory; raise the limit, or mine fewer baskets or items"));
    case Stop::kTime:
      return absl::ResourceExhaustedError(
          "the search ran past its deadline; raise min_count or allow more time");
    case Stop::kCancelled:
      return absl::CancelledError("the search was cancelled");
    case Stop::kNone:
    case Stop::kHalted:
      break;
  }
  return absl::OkStatus();
}

}  // namespace clustr::mining
