#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_SYSTEM_TABLES_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_SYSTEM_TABLES_H_

#include <string>
#include <vector>

namespace clustr::storage {

// Statements that create the tables that belong to no model, and their indexes, if missing, for
// Session::Define: clustr_counters (head revision, row counts, last identifiers), clustr_histories
// (one row per start of the server), clustr_history_ids (the last identifiers at that moment),
// tombstones (removed rows) and request_log (answers to retried calls).
std::vector<std::string> SystemTableStatements();

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_SYSTEM_TABLES_H_
