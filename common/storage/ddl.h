#ifndef CLUSTR_COMMON_STORAGE_DDL_H_
#define CLUSTR_COMMON_STORAGE_DDL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// Statements that create the table of a stored message and its indexes, if missing, for
// Session::Define. Deterministic: proto/schema.golden lists them.
std::vector<std::string> CreateStatements(const google::protobuf::Descriptor& message);

// Upgrades the table of a stored message to the current model, inside the caller's transaction:
//  - creates the table if it is missing;
//  - adds a column for a new field (NULL, or 0 or empty if the field has no presence);
//  - renames the column of a field number that had another name;
//  - creates and drops the indexes that the field options ask for; leaves indexes with other names
//    alone.
// The table clustr_columns records which field number each column belongs to.
//
// FAILED_PRECONDITION, with a remedy for the operator, if data would be lost or read differently: a
// field was removed without reserving its number; a field changed its type or presence; a field
// took the name of another field's column; a new field is required while there are rows; a field
// became unique while rows share a value. The caller must roll back then. Failures of the database
// are thrown.
absl::Status EvolveTable(Session& session, const google::protobuf::Descriptor& message);

// Describes what EvolveTable would change about the columns and indexes of an existing table, for
// example `column phone of customers`. Changes nothing; empty if all is as the model has it.
// FAILED_PRECONDITION if EvolveTable would refuse, or the table has a column that the model does
// not know. Does not report missing indexes.
absl::StatusOr<std::vector<std::string>> OutdatedParts(Session& session,
                                                       const google::protobuf::Descriptor& message);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_DDL_H_
