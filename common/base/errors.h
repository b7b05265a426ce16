#ifndef CLUSTR_COMMON_BASE_ERRORS_H_
#define CLUSTR_COMMON_BASE_ERRORS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error_reason.h"

// Errors that say what the caller should do: an absl::Status whose payloads are google.rpc details
// (common/rpc/status sends them). Nothing internal belongs in any text given here.
namespace clustr {

// One rule that the input broke.
struct Violation {
  std::string field;        // Path from the request's root: `sales[2].quantity`.
  std::string description;  // The fault with value and remedy: `-1 is below 1; give at least 1`.
  ErrorReason reason = common::v1::ERROR_REASON_FIELD_INVALID;
};

// Names and values that belong to a reason, for programs.
using ErrorMetadata = std::vector<std::pair<std::string, std::string>>;

// The error for a reason: with the code that the contract gives it, google.rpc.ErrorInfo (domain
// `clustr`), and RetryInfo where a retry helps.
absl::Status MakeError(ErrorReason reason, absl::string_view message,
                       const ErrorMetadata& metadata = {});

// The error for violations, which must not be empty: the first 20 as google.rpc.BadRequest and in
// words, as far as they fit, and the number of the others. Its reason is that of the first
// violation whose reason is FIELD_INVALID, or else of the first.
absl::Status ViolationError(std::vector<Violation> violations);

// The error for one field.
absl::Status FieldError(absl::string_view field, absl::string_view description,
                        ErrorReason reason = common::v1::ERROR_REASON_FIELD_INVALID);

// The error with the reason `<resource>_NOT_FOUND`, which the contract must have: `no product 7`.
absl::Status NotFoundError(absl::string_view resource, absl::string_view id);

// The stable reason of an error; ERROR_REASON_UNSPECIFIED if it has none.
ErrorReason ReasonOf(const absl::Status& status);

// `value` in quotes, cut to 40 code points: for the texts of errors.
std::string Quoted(absl::string_view value);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_ERRORS_H_
