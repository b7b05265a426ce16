#ifndef CLUSTR_COMMON_STORAGE_SQL_INDEXES_H_
#define CLUSTR_COMMON_STORAGE_SQL_INDEXES_H_

#include <map>
#include <string>
#include <vector>

#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

// The indexes of a model's table: one for each field that is `unique` or `indexed`, for the id if
// it is not the primary key, and for the revision if the table has `revision_index`. Each is named
// `<table>_<column>`. Failures of the database are thrown.
namespace clustr::storage {

// Statements that create the indexes if missing, for Session::Define, keyed by index name.
std::map<std::string, std::string> IndexStatements(const google::protobuf::Descriptor& message);

// Names of the stored indexes over `columns` whose definition differs from the model's, or that the
// model no longer has. Indexes with other names are left alone.
std::vector<std::string> OldIndexes(Session& session, const google::protobuf::Descriptor& message,
                                    const std::vector<std::string>& columns);

// Drops those.
void DropOldIndexes(Session& session, const google::protobuf::Descriptor& message,
                    const std::vector<std::string>& columns);

// Why existing rows prevent a unique index that the database does not have yet, with the remedy;
// empty if none do. Names the ids of rows but never their values, which may be personal data. Scans
// the table once per new unique field.
std::string WhyNotUnique(Session& session, const google::protobuf::Descriptor& message);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_INDEXES_H_
