#ifndef CLUSTR_COMMON_STORAGE_INDEXES_H_
#define CLUSTR_COMMON_STORAGE_INDEXES_H_

#include <map>
#include <string>
#include <vector>

#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

// The indexes of a model's table: one for each field that is `unique` or `indexed`, for an id that
// is not the key, and for a revision that is read by. Each is called `<table>_<column>`.
namespace clustr::storage {

// Statements that make them, if missing, by their names.
std::map<std::string, std::string> IndexStatements(const google::protobuf::Descriptor& message);

// Drops those over the named columns that the database has otherwise than the model now; those of
// other names are left alone.
void DropOldIndexes(Session& session, const google::protobuf::Descriptor& message,
                    const std::vector<std::string>& columns);

// Why rows that exist forbid a unique index that the database does not have yet, with the remedy;
// empty if none do. Names rows, never values, which may be personal.
std::string WhyNotUnique(Session& session, const google::protobuf::Descriptor& message);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_INDEXES_H_
