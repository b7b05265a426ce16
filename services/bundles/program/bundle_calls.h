#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_BUNDLE_CALLS_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_BUNDLE_CALLS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/call_queue.h"
#include "common/base/call_slots.h"
#include "common/base/pause_watch.h"
#include "common/rpc/call_limits.h"
#include "common/rpc/flags.h"

namespace clustr::bundles {

// The classes of calls of bundles. Thread-safe.
class BundleCalls {
 public:
  // The flags that set the limits.
  static std::vector<rpc::Flag> Flags();
  // Reads the flags. Error messages are meant for an operator.
  static absl::StatusOr<std::unique_ptr<BundleCalls>> Make(const rpc::Flags& flags);

  // Number of steps, of about a nanosecond each, that one search for bundles takes at most. Not a
  // time, so that equal questions have equal answers on every machine.
  int64_t max_search_steps() const { return max_search_steps_; }

  // Number of threads, its own included, that a long computation may use: an equal share of the
  // cores among those that run or wait at this moment. One that is alone gets all cores, up to
  // kMaxThreads.
  int SpareThreads() const;

  // Ends recommendations for many and verifications, because the server stops. They take long, and
  // can be made again elsewhere.
  void Drain();
  // The same for rule queries and searches, which most often end in time.
  void EndAll();

  // Adds the state and the problems of the classes.
  void AddStatus(ops::v1::GetStatusResponse* status) const { watch_.AddStatus(status); }
  // Adds how long calls have waited.
  void AddMetrics(rpc::Metrics* metrics) const { watch_.AddMetrics(metrics); }

  CallQueue reads;          // Answers that take less than a millisecond.
  CallQueue lookups;        // Answers of some milliseconds: pages of listings that are kept, and
                            // whatever visits all baskets once.
  CallQueue rules;          // Rule queries, each of which mines.
  CallQueue searches;       // Searches for bundles.
  CallQueue verifications;  // Each holds a copy of the shop.
  CallQueue batches;        // Messages of calls that recommend for many, on one thread.
  CallSlots open_batches;   // These calls, until they end.
  CallSlots rule_imports;   // Imports of rules, until they end.
  CallSlots parked;         // Calls that wait for a revision.
  PauseWatch pauses;        // Of the clients of open_batches.

 private:
  BundleCalls(const rpc::CallLimits& limits, absl::Duration max_verification,
              int64_t max_search_steps);

  static constexpr int kMaxThreads = 4;  // Each thread of a search needs memory of its own.

  const int64_t max_search_steps_;
  const rpc::CallWatch watch_;
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_BUNDLE_CALLS_H_
