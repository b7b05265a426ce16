#ifndef CLUSTR_COMMON_BASE_ERRORS_H_
#define CLUSTR_COMMON_BASE_ERRORS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Errors that say what the caller should do: an absl::Status whose payloads are google.rpc details
// (common/rpc/status sends them). Nothing internal belongs in any text given here.
namespace clustr {

// One rule that the input broke.
struct Violation {
  std::string field;  // Path from the request's root: `sales[2].quantity`.
  std::string
      description;  // What is wrong, with value and remedy: `-1 is below 1; give at least 1`.
  std::string reason = "FIELD_INVALID";
};

// Names and values that belong to a reason, for programs.
using ErrorMetadata = std::vector<std::pair<std::string, std::string>>;

// Any error with its stable reason (domain `clustr`).
absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                       const ErrorMetadata& metadata = {});

// The error for violations, which must not be empty: the first 20 as details and in words, as far
// as they fit, and how many more there are. Its reason and code are those of the first violation
// whose reason is FIELD_INVALID, or else of the first: DATE_EXISTS and all that end so are
// ALREADY_EXISTS, REFERENCE_MISSING is FAILED_PRECONDITION, REVISION_MISMATCH is ABORTED, UPSTREAM
// is UNAVAILABLE with RetryInfo, others are INVALID_ARGUMENT.
absl::Status ViolationError(std::vector<Violation> violations);

// INVALID_ARGUMENT for one field.
absl::Status FieldError(absl::string_view field, absl::string_view description,
                        absl::string_view reason = "FIELD_INVALID");

// NOT_FOUND with reason `<resource>_NOT_FOUND`: `no product 7`.
absl::Status NotFoundError(absl::string_view resource, absl::string_view id);

// UNAVAILABLE that a client retries after `retry_delay`.
absl::Status UnavailableError(absl::string_view reason, absl::string_view message,
                              absl::Duration retry_delay);

// The stable reason of an error; empty if it has none.
std::string ErrorReason(const absl::Status& status);

// `value` in quotes, cut to 40 code points: for the texts of errors.
std::string Quoted(absl::string_view value);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_ERRORS_H_
