#ifndef CLUSTR_COMMON_BASE_STATUS_MACROS_H_
#define CLUSTR_COMMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The only macros of the project. Both return from the enclosing function if an absl::Status or
// absl::StatusOr expression is an error; otherwise ASSIGN declares or assigns `lhs` from the value.

#define CLUSTR_RETURN_IF_ERROR(expr)                    \
  do {                                                  \
    if (absl::Status _status = (expr); !_status.ok()) { \
      return _status;                                   \
    }                                                   \
  } while (false)

#define CLUSTR_ASSIGN_OR_RETURN(lhs, expr) \
  CLUSTR_ASSIGN_OR_RETURN_IMPL(CLUSTR_CONCAT(_statusor_, __LINE__), lhs, expr)
#define CLUSTR_CONCAT_INNER(a, b) a##b
#define CLUSTR_CONCAT(a, b) CLUSTR_CONCAT_INNER(a, b)
#define CLUSTR_ASSIGN_OR_RETURN_IMPL(statusor, lhs, expr)  \
  auto statusor = (expr);                                  \
  if (!statusor.ok()) return std::move(statusor).status(); \
  lhs = *std::move(statusor)

#endif  // CLUSTR_COMMON_BASE_STATUS_MACROS_H_
