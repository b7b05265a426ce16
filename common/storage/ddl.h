#ifndef CLUSTR_COMMON_STORAGE_DDL_H_
#define CLUSTR_COMMON_STORAGE_DDL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// Statements that make the table of a stored message and its indexes, if missing.
std::vector<std::string> CreateStatements(const google::protobuf::Descriptor& message);

// Brings the table of a message to its present form, inside the caller's transaction: made if
// missing; a new field adds a column (NULL, or 0 or empty where the field has no presence); a field
// whose number is known under another name renames its column. What each column stands for is kept
// in `clustr_columns`. An index that came, went or changed with its option is made or dropped;
// indexes of other names are left alone. FAILED_PRECONDITION, saying what to do, where data would
// be lost or read differently: a field that is gone and not reserved, another type or presence, the
// name of another field's column, a new required field while there are rows, a field that is now
// unique while rows share a value.
absl::Status EvolveTable(Session& session, const google::protobuf::Descriptor& message);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_DDL_H_
