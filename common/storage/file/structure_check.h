#ifndef CLUSTR_COMMON_STORAGE_FILE_STRUCTURE_CHECK_H_
#define CLUSTR_COMMON_STORAGE_FILE_STRUCTURE_CHECK_H_

#include <string>
#include <vector>

#include "common/storage/session.h"

// Whether the pages of a database fit together, whatever their seals say: a page that is old, for
// example, has a good seal. Failures of the database are thrown, also for damage that keeps SQLite
// from looking.
namespace clustr::storage {

// Checks a table: its tree, its rows, and the trees of its indexes. With "", checks the whole
// database, and also that each index holds exactly the rows of its table, which takes several times
// as long. Returns what was found, for an operator; empty if all is well.
std::string FindStructureDamage(Session& session, const std::string& table);

// Names of all tables.
std::vector<std::string> TablesOf(Session& session);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_STRUCTURE_CHECK_H_
