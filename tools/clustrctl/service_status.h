#ifndef CLUSTR_TOOLS_CLUSTRCTL_SERVICE_STATUS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_SERVICE_STATUS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "tools/clustrctl/command.h"

namespace clustr::ctl {

// What a service says of itself, or why it does not.
struct ServiceStatus {
  const Service* service;
  absl::Status status;
  ops::v1::GetStatusResponse response;
};

// Asks catalog, sales and bundles, in that order, each for 5 seconds at most. Borrows the services
// of `context`.
std::vector<ServiceStatus> AskServices(const Context& context);

// What a follower has applied of the service `name`; 0 if it does not follow it.
int64_t AppliedRevision(const ops::v1::GetStatusResponse& follower, std::string_view name);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_SERVICE_STATUS_H_
