#ifndef CLUSTR_TOOLS_CLUSTRCTL_SERVICE_STATUS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_SERVICE_STATUS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "tools/clustrctl/command.h"

namespace clustr::ctl {

// The response of a service to GetStatus, or the error if there is none.
struct ServiceStatus {
  const Service* service;
  absl::Status status;
  ops::v1::GetStatusResponse response;
};

// Revisions by the name of the service.
using Revisions = std::map<std::string, int64_t>;

// Calls GetStatus of catalog, sales and bundles, in that order, each with a deadline of at most 5
// seconds. The result borrows the services of `context`.
std::vector<ServiceStatus> AskServices(const Context& context);

// Joins the errors of all services that did not answer; OK if all did.
absl::Status Failures(const std::vector<ServiceStatus>& answers);

// The revision of the service `name` that a follower has applied; 0 if it does not follow it.
int64_t AppliedRevision(const ops::v1::GetStatusResponse& follower, std::string_view name);

// Names each service that does not answer, is not connected to a service that it follows, or has
// not applied that service's revision in `goals`: `sales is not connected to catalog`. Empty if all
// have caught up.
std::vector<std::string> Missing(const std::vector<ServiceStatus>& answers, const Revisions& goals);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_SERVICE_STATUS_H_
