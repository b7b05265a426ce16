#ifndef CLUSTR_COMMON_RPC_ADMIN_SERVER_STATUS_H_
#define CLUSTR_COMMON_RPC_ADMIN_SERVER_STATUS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "common/rpc/records/metrics.h"
#include "common/rpc/records/reception.h"
#include "common/rpc/server.h"

namespace clustr::rpc {

// What a server tells about itself: by GetStatus, and as metrics. Thread-safe; borrows the program.
class ServerStatus {
 public:
  // Says what an operator must do about something, "" for nothing. Thread-safe.
  using Problem = std::function<std::string()>;

  // `problems` are those beyond what the program knows.
  ServerStatus(std::string name, Program* program, std::vector<Problem> problems = {});

  const std::string& name() const { return name_; }
  Program& program() const { return program_; }

  void Fill(ops::v1::GetStatusResponse* status) const;
  // Everything that Fill tells, and what the program and its calls have measured.
  void AddMetrics(const CallMetrics& calls, Metrics* metrics) const;

 private:
  const std::string name_;
  Program& program_;
  const std::vector<Problem> problems_;
  const absl::Time start_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_ADMIN_SERVER_STATUS_H_
