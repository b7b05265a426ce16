#ifndef CLUSTR_COMMON_STORAGE_SQL_GUARD_H_
#define CLUSTR_COMMON_STORAGE_SQL_GUARD_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace clustr::storage {

// Runs `work` and converts exceptions of SOCI to a status: RESOURCE_EXHAUSTED with reason
// DISK_FULL, UNAVAILABLE with reason DATABASE_BUSY or DATABASE_UNREACHABLE, DATA_LOSS with reason
// DATABASE_DAMAGED, CANCELLED if the statement was interrupted, otherwise INTERNAL. The message
// contains neither the statement nor its values; the log has the code of SQLite or the SQLSTATE of
// PostgreSQL. The only place that catches them.
// If `said` is not null, it gets what the database said of a failure, which may contain values.
absl::Status Guard(absl::FunctionRef<absl::Status()> work, std::string* said = nullptr);

// True for a status with reason DATABASE_DAMAGED.
bool IsDamage(const absl::Status& status);

// True for a status with reason DATABASE_UNREACHABLE.
bool IsUnreachable(const absl::Status& status);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_GUARD_H_
