#ifndef CLUSTR_COMMON_RPC_ACCESS_RATE_LIMIT_H_
#define CLUSTR_COMMON_RPC_ACCESS_RATE_LIMIT_H_

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/base/steady_time.h"

namespace clustr::rpc {

// Limits how many calls per second each caller may begin; who paused may make up for one second at
// once. Remembers up to 65,536 callers that called lately; any more share one allowance.
// Thread-safe.
class RateLimit {
 public:
  // 0: no limit.
  explicit RateLimit(int64_t per_second) : per_second_(static_cast<double>(per_second)) {}

  int64_t per_second() const { return static_cast<int64_t>(per_second_); }

  // Counts a call of `caller` at `now`; false if it is one too many, which then does not count.
  bool Take(absl::string_view caller, SteadyTime now) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr size_t kMaxCallers = 65'536;

  // Calls that a caller may begin at a moment.
  struct Allowance {
    double calls;
    SteadyTime at;
  };

  // The allowance as it is at `now`.
  double Left(const Allowance& allowance, SteadyTime now) const;
  Allowance& Of(absl::string_view caller, SteadyTime now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const double per_second_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Allowance> callers_ ABSL_GUARDED_BY(mutex_);
  SteadyTime next_sweep_ ABSL_GUARDED_BY(mutex_) = SteadyTime::min();
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ACCESS_RATE_LIMIT_H_
