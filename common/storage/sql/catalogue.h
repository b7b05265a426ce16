#ifndef CLUSTR_COMMON_STORAGE_SQL_CATALOGUE_H_
#define CLUSTR_COMMON_STORAGE_SQL_CATALOGUE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/storage/session.h"

// What a database says of its own tables; on PostgreSQL, of those in the schema in which new tables
// are made. Failures of the database are thrown.
namespace clustr::storage {

// Names of all tables, in the order of their bytes, without those of SQLite itself.
std::vector<std::string> TableNames(Session& session);

bool HasTable(Session& session, const std::string& name);

// The statements `CREATE [UNIQUE] INDEX name ON table (column) [WHERE …]` that make the indexes of
// a table, keyed by the name of the index, without those that belong to its primary key.
std::map<std::string, std::string> StoredIndexes(Session& session, const std::string& table);

struct StoredColumn {
  std::string name;
  std::string type;  // BIGINT, TEXT or DOUBLE PRECISION; INTEGER for the single key of SQLite.
  bool not_null = false;
  int64_t key_place = 0;  // Place in the primary key, from 1; 0 if it is not in it.
};

// The columns of a table, in their order.
std::vector<StoredColumn> StoredColumns(Session& session, const std::string& table);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_CATALOGUE_H_
