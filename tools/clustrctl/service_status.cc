#include "tools/clustrctl/service_status.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clustr/ops/v1/admin_service.grpc.pb.h"

namespace clustr::ctl {
namespace {

constexpr double kTimeoutSeconds = 5;

}  // namespace

std::vector<ServiceStatus> AskServices(const Context& context) {
  std::vector<ServiceStatus> answers;
  for (const Service* service : {&context.catalog, &context.sales, &context.bundles}) {
    const auto stub = ops::v1::AdminService::NewStub(service->channel);
    ServiceStatus answer{service, absl::OkStatus(), ops::v1::GetStatusResponse()};
    answer.status = Call(*service, &ops::v1::AdminService::Stub::GetStatus, *stub,
                         std::min(context.timeout_seconds, kTimeoutSeconds),
                         ops::v1::GetStatusRequest(), &answer.response);
    if (answer.status.ok() && answer.response.service() != service->name) {
      answer.status = absl::FailedPreconditionError(absl::StrCat(
          service->name, " at ", service->address, ": this is ", answer.response.service(),
          "; give the address of ", service->name, " with --", service->name, "=HOST:PORT"));
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

absl::Status Failures(const std::vector<ServiceStatus>& answers) {
  absl::Status failures;
  for (const ServiceStatus& answer : answers) {
    if (failures.ok()) {
      failures = answer.status;
    } else if (!answer.status.ok()) {
      failures = absl::Status(failures.code(),
                              absl::StrCat(failures.message(), "\n", answer.status.message()));
    }
  }
  return failures;
}

int64_t AppliedRevision(const ops::v1::GetStatusResponse& follower, std::string_view name) {
  for (const ops::v1::Upstream& upstream : follower.upstreams()) {
    if (upstream.name() == name) return upstream.applied_revision();
  }
  return 0;
}

std::vector<std::string> Missing(const std::vector<ServiceStatus>& answers,
                                 const Revisions& goals) {
  std::vector<std::string> missing;
  for (const ServiceStatus& answer : answers) {
    const std::string& name = answer.service->name;
    if (!answer.status.ok()) missing.push_back(name + " does not answer");
    for (const ops::v1::Upstream& upstream : answer.response.upstreams()) {
      const auto goal = goals.find(upstream.name());
      if (!upstream.connected()) {
        missing.push_back(absl::StrCat(name, " is not connected to ", upstream.name()));
      } else if (goal != goals.end() && upstream.applied_revision() < goal->second) {
        missing.push_back(absl::StrCat(name, " has applied ", upstream.name(), " revision ",
                                       upstream.applied_revision(), ", not yet ", goal->second));
      }
    }
  }
  return missing;
}

}  // namespace clustr::ctl
