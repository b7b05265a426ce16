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
  // 0: closed loop, each client starts its next operation when the last one ended. Above 0: open
  // loop, this many operations start each second whatever became of those before.
  double per_second = 0;
  double seconds = 5;
};

// What became of a load.
struct LoadResult {
  int64_t operations = 0;  // That ended well.
  int64_t errors = 0;
  grpc::Status first_error;
  double seconds = 0;
  // Of the operations that ended well. In an open loop from the moment when the operation was due,
  // so that a server that stalls is charged for all who would have come meanwhile.
  std::vector<double> latencies_ms;

  double per_second() const { return static_cast<double>(operations) / seconds; }
  // The first error, if most operations failed: there is nothing to report then.
  absl::Status Usable() const;
};

// To be called once, from any thread, when an operation has ended.
using Done = std::function<void(const grpc::Status&)>;

// Starts one operation of a client, 0 to clients - 1; must not block. Never called twice at a time
// for one client.
using StartOperation = std::function<void(int client, Done done)>;

// Runs a load and waits for what it started.
LoadResult Run(const Load& load, const StartOperation& start);

// Adds `<name>.per_second`, `.p50`, `.p99`, and `.errors` if there were any.
void AddFigures(const std::string& name, const LoadResult& result, Report* report);

}  // namespace clustr::bench

#endif  // CLUSTR_TESTS_BENCH_SERVICE_LOAD_H_
