#ifndef CLUSTR_TOOLS_CLUSTRCTL_EXIT_CODE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_EXIT_CODE_H_

#include "absl/status/status.h"

namespace clustr::ctl {

// The exit codes of clustrctl. Scripts rely on them, so they never change.
enum class ExitCode {
  kOk = 0,
  kRowsFailedOrDiffers = 1,
  kUsage = 2,
  kRefusedOrUnreachable = 3,
  kLimit = 4,
  kProblem = 5,  // `status` found something wrong with a service that answers.
};

// The exit code of a command that ends with `status`. Inside clustrctl INVALID_ARGUMENT always
// means wrong usage and RESOURCE_EXHAUSTED a limit of a service; every other error of a service has
// another code (see ServiceError in services.h).
inline ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
      return ExitCode::kUsage;
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kLimit;
    default:
      return ExitCode::kRefusedOrUnreachable;
  }
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_EXIT_CODE_H_
