#ifndef CLUSTR_TESTS_BENCH_SERVICE_LOAD_H_
#define CLUSTR_TESTS_BENCH_SERVICE_LOAD_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "tests/bench/service/report.h"

namespace clustr::bench {

// How an operation is repeated.
struct Load {
  int clients = 64;
  // 0: closed loop; each client starts its next operation when its last one has ended. Above 0:
  // open loop; this many operations start each second, whether or not earlier ones have ended.
  double per_second = 0;
  double seconds = 5;
};

// Outcome of a load.
struct LoadResult {
  int64_t operations = 0;  // Successful ones.
  int64_t errors = 0;
  grpc::Status first_error;
  double seconds = 0;
  // Latencies of the successful operations. In an open loop they count from the moment when the
  // operation was due, so that a stalled server is charged for all calls that came meanwhile.
  std::vector<double> latencies_ms;

  double per_second() const { return static_cast<double>(operations) / seconds; }
  // OK, or the first error if most operations failed; there is then nothing to report.
  absl::Status Usable() const;
};

// Must be called once, from any thread, when an operation has ended.
using Done = std::function<void(const grpc::Status&)>;

// Starts one operation of a client, 0 to clients - 1; must not block. Not called for a client while
// an operation of that client is in progress.
using StartOperation = std::function<void(int client, Done done)>;

// Runs a load and waits until all its operations have ended.
LoadResult Run(const Load& load, const StartOperation& start);

// Adds `<name>.per_second`, `.p50`, `.p99`, and `.errors` if there were any.
void AddFigures(const std::string& name, const LoadResult& result, Report* report);

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_LOAD_H_
