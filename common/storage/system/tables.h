#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_TABLES_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_TABLES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// How a store treats the tables of a database that it opens.
struct TableSettings {
  // Statements CREATE … IF NOT EXISTS, as for Session::Define, of tables that the service has
  // besides those of its models, and of their indexes.
  std::vector<std::string> more = {};
  // If true, nothing is made or changed: for a user of PostgreSQL who may not do so.
  bool check_only = false;
};

// Makes all tables that are missing, or upgrades them, inside the caller's transaction: those of
// `models`, of `more`, and the store's own. Fails as ClaimDatabase and EvolveTable do, and with
// FAILED_PRECONDITION if the user of a PostgreSQL database may not make or change tables; the texts
// are for an operator. Failures of the database are thrown.
absl::Status MakeTables(Session& session,
                        const std::vector<const google::protobuf::Descriptor*>& models,
                        const std::vector<std::string>& more);

// Checks that MakeTables has nothing to do, and that the user may read and write the tables;
// changes nothing. FAILED_PRECONDITION, with a text for an operator that names the first things
// that are missing and the remedy. Failures of the database are thrown.
absl::Status CheckTables(Session& session,
                         const std::vector<const google::protobuf::Descriptor*>& models,
                         const std::vector<std::string>& more);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_TABLES_H_
