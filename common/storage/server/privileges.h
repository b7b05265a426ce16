#ifndef CLUSTR_COMMON_STORAGE_SERVER_PRIVILEGES_H_
#define CLUSTR_COMMON_STORAGE_SERVER_PRIVILEGES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/storage/session.h"

// Checks the privileges of the user of a PostgreSQL database on the schema of its tables. Each
// error is FAILED_PRECONDITION, with a text for an operator. Failures of the database are thrown.
namespace clustr::storage {

// OK if the user may make tables, and change those of `tables` that are there.
absl::Status MayMakeTables(Session& session, const std::vector<std::string>& tables);

// OK if the user may do with the rows of those of `tables` that are there what a server does: read
// and write them, but only read what tells of the tables themselves; and number them behind the
// rows of a restored backup.
absl::Status MayUseTables(Session& session, const std::vector<std::string>& tables);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_PRIVILEGES_H_
