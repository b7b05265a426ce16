#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_SYSTEM_TABLES_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_SYSTEM_TABLES_H_

#include "common/storage/session.h"

namespace clustr::storage {

// Creates the tables that belong to no model, if missing, inside the caller's transaction:
// clustr_counters (head revision, row counts, last identifiers), clustr_histories (one row per
// start of the server), clustr_history_ids (the last identifiers at that moment), tombstones
// (removed rows) and request_log (answers to retried calls). Failures of the database are thrown.
void CreateSystemTables(Session& session);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_SYSTEM_TABLES_H_
