#ifndef CLUSTR_COMMON_BASE_ERROR_REASON_H_
#define CLUSTR_COMMON_BASE_ERROR_REASON_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clustr/common/v1/error_reason.pb.h"

// The reasons of errors as the contract defines them. Pure functions.
namespace clustr {

using common::v1::ErrorReason;

// The reason as clients see it: the name of the value without its prefix, for example QUOTA. Empty
// for ERROR_REASON_UNSPECIFIED and for numbers that are not in the enum.
absl::string_view ReasonName(ErrorReason reason);

// The reason of this name; ERROR_REASON_UNSPECIFIED if there is none.
ErrorReason ReasonNamed(absl::string_view name);

// The status code with which the reason is sent; INTERNAL for ERROR_REASON_UNSPECIFIED.
absl::StatusCode CodeOf(ErrorReason reason);

// When a client should try again; zero where retrying alone does not help.
absl::Duration RetryDelayOf(ErrorReason reason);

// True if ErrorInfo.metadata may hold this name for the reason, as the contract documents it.
bool HasMetadata(ErrorReason reason, absl::string_view name);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_ERROR_REASON_H_
