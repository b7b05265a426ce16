#ifndef CLUSTR_COMMON_RPC_CALL_LIMITS_H_
#define CLUSTR_COMMON_RPC_CALL_LIMITS_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/base/call_queue.h"
#include "common/base/call_slots.h"
#include "common/base/steady_condition.h"
#include "common/rpc/flags.h"
#include "common/rpc/records/metrics.h"

// Limits on the classes of calls: how operators set them, and how GetStatus shows them.
namespace clustr::rpc {

// The limits of a server: --call-limits, --max-call-seconds and --max-pause-seconds.
class CallLimits {
 public:
  // The three flags. `defaults` is the limit of each class, as in `reads=1024,scans=256`.
  static std::vector<Flag> FlagsOf(absl::string_view defaults);

  // Reads the flags; a class that --call-limits does not name keeps its default. INVALID_ARGUMENT,
  // with a text for an operator, for a wrong value.
  static absl::StatusOr<CallLimits> Read(const Flags& flags, absl::string_view defaults);

  // The limit of a class, whose name must be in `defaults`. `calls` says in words, plural, which
  // calls it holds.
  CallClass Of(absl::string_view name, absl::string_view calls, int64_t max_bytes) const;

  absl::Duration max_call() const { return max_call_; }
  absl::Duration max_pause() const { return max_pause_; }

 private:
  absl::btree_map<std::string, int64_t> limits_;
  absl::Duration max_call_;
  absl::Duration max_pause_;
};

// Watches over the classes of a server: several times per second, it ends queued calls that nobody
// waits for any more, and shortly before their deadlines those that would come too late. (One whose
// deadline is less than a tenth of a second away when it arrives may be ended by gRPC.)
// Thread-safe.
class CallWatch {
 public:
  // Borrows them all.
  CallWatch(std::vector<CallQueue*> queues, std::vector<const CallSlots*> slots);
  ~CallWatch();
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;

  // Adds the state of each class, and a problem with its remedy for each that is full or has
  // refused calls in the last 10 seconds.
  void AddStatus(ops::v1::GetStatusResponse* status) const;
  // Adds how long calls have waited in each queue.
  void AddMetrics(Metrics* metrics) const;

 private:
  void Watch();

  const std::vector<CallQueue*> queues_;
  const std::vector<const CallSlots*> slots_;
  absl::Mutex mutex_;
  SteadyCondition changed_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_CALL_LIMITS_H_
