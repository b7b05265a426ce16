#ifndef CLUSTR_COMMON_STORAGE_SQL_SQLSTATE_H_
#define CLUSTR_COMMON_STORAGE_SQL_SQLSTATE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clustr::storage {

// The status for an error of PostgreSQL: RESOURCE_EXHAUSTED with reason DISK_FULL, UNAVAILABLE with
// reason DATABASE_BUSY (the same call may succeed when it is tried again) or DATABASE_UNREACHABLE
// (the session is of no use any more), DATA_LOSS with reason DATABASE_DAMAGED, otherwise INTERNAL.
// A statement that was cancelled counts as busy: whoever cancels one knows why, and says so
// instead. `state` has the five characters that PostgreSQL gave; blanks mean that libpq lost the
// connection before there was an answer.
absl::Status StatusOfSqlstate(absl::string_view state);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_SQLSTATE_H_
