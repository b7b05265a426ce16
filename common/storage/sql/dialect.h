#ifndef CLUSTR_COMMON_STORAGE_SQL_DIALECT_H_
#define CLUSTR_COMMON_STORAGE_SQL_DIALECT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace clustr::storage {

// The SQL of one database. Statements are written so that both understand them wherever possible;
// the functions below have what is left.
enum class Dialect { kSqlite, kPostgresql };

// A statement that defines a table, a column or an index, given as SQLite has it, in the words of
// `dialect`. On PostgreSQL, every text is compared by its bytes, as SQLite does; keys have 64 bits;
// and a key named `seq` is numbered by the database. The texts must be our own.
std::string Definition(Dialect dialect, absl::string_view sql);

// The function f(text, part) that tells at which character `part` begins in `text`, 0 if nowhere.
absl::string_view PositionFunction(Dialect dialect);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_DIALECT_H_
