#ifndef CLUSTR_COMMON_RPC_RECORDS_CALL_METRICS_H_
#define CLUSTR_COMMON_RPC_RECORDS_CALL_METRICS_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/histogram.h"
#include "common/rpc/access/method.h"

namespace clustr::rpc {

// Counts the calls of a server by method and code. Thread-safe; it takes no lock, and memory only
// for what occurred: some KiB for each method and code.
class CallMetrics {
 public:
  static constexpr int kCodes = 17;  // Those of gRPC.

  // What is known about one method.
  struct OfMethod {
    explicit OfMethod(const Method& of) : method(of) {}
    ~OfMethod();

    const Method& method;
    std::atomic<int64_t> under_way{0};
    Histogram received{BytesBounds()};  // Bytes of the request, or of all messages of a stream.
    Histogram sent{BytesBounds()};      // Of the answer, likewise.
    // Seconds by code; null for codes that did not occur.
    std::array<std::atomic<Histogram*>, kCodes> seconds{};
  };

  CallMetrics() = default;
  ~CallMetrics();
  CallMetrics(const CallMetrics&) = delete;
  CallMetrics& operator=(const CallMetrics&) = delete;

  void Begun(const Method& method) { Of(method).under_way.fetch_add(1, std::memory_order_relaxed); }
  // The reactor of a call is gone.
  void Gone(const Method& method) { Of(method).under_way.fetch_sub(1, std::memory_order_relaxed); }
  void Ended(const Method& method, absl::StatusCode code, absl::Duration elapsed, size_t received,
             size_t sent);

  // Visits the methods that were called, in the order of their numbers.
  void ForEach(absl::FunctionRef<void(const OfMethod&)> visit) const;

  // Rows of imports that have ended: how many were stored (created or changed), how many were equal
  // to what is stored, and how many were refused.
  struct ImportedRows {
    std::atomic<int64_t> stored{0};
    std::atomic<int64_t> unchanged{0};
    std::atomic<int64_t> refused{0};
  };
  ImportedRows imported_rows;

 private:
  OfMethod& Of(const Method& method);

  std::array<std::atomic<OfMethod*>, kMaxMethods> methods_{};
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_RECORDS_CALL_METRICS_H_
