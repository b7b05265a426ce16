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

// Names and values that belong to a reason, for programs. The options of each reason in
// error_reason.proto list the names; no value may be personal data.
using ErrorMetadata = std::vector<std::pair<std::string, std::string>>;

// One rule that the input broke.
struct Violation {
  std::string field;        // Path from the request's root: `sales[2].quantity`.
  std::string description;  // The fault with value and remedy: `-1 is below 1; give at least 1`.
  ErrorReason reason = common::v1::ERROR_REASON_FIELD_INVALID;
  // What the description says beyond the field. schema::WithFacts adds the value and the bound of
  // the field where the request and the .proto tell them.
  ErrorMetadata metadata = {};
};

// The error for a reason: with the code that the contract gives it, google.rpc.ErrorInfo (domain
// `clustr`), and RetryInfo where a retry helps.
absl::Status MakeError(ErrorReason reason, absl::string_view message,
                       const ErrorMetadata& metadata = {});

// The error for violations, which must not be empty: the first 20 as google.rpc.BadRequest and in
// words, as far as they fit, and the number of the others. Its reason is that of the first
// violation whose reason is FIELD_INVALID, or else of the first. The metadata are the field of that
// violation, the violation's own, and `violation_count` if there are several.
absl::Status ViolationError(std::vector<Violation> violations);

// The error for one field.
absl::Status FieldError(absl::string_view field, absl::string_view description,
                        ErrorReason reason = common::v1::ERROR_REASON_FIELD_INVALID,
                        ErrorMetadata metadata = {});

// Values of a field that names rows beside their ids.
struct MissingKeys {
  absl::string_view field;
  std::vector<std::string> values;
  bool are_personal = false;  // Then they stay out of the metadata.
};

// The error with the reason `<resource>_NOT_FOUND`, which the contract must have: `no product 7`,
// or `no product 7, and none with external_id "A", "B" and 9 more`. Names the first 20 of each,
// fewer if they are long; there must be one in all.
absl::Status NotFoundError(absl::string_view resource, const std::vector<std::string>& ids,
                           const MissingKeys& keys = {});
absl::Status NotFoundError(absl::string_view resource, absl::string_view id);

// The metadata of an error; empty if it has none.
ErrorMetadata MetadataOf(const absl::Status& status);

// The error with those of `added` whose names it lacks. A status without reason stays as it is.
absl::Status WithMetadata(absl::Status status, const ErrorMetadata& added);

// The stable reason of an error; ERROR_REASON_UNSPECIFIED if it has none.
ErrorReason ReasonOf(const absl::Status& status);

// `value` in quotes, cut to 40 code points: for the texts of errors.
std::string Quoted(absl::string_view value);

// `value` cut to 40 code points, with `…` at the end if it was longer: for metadata.
std::string Shortened(absl::string_view value);

}  // namespace clustr

#endif  // CLUSTR_COMMON_BASE_ERRORS_H_
