#ifndef CLUSTR_COMMON_STORAGE_SQL_FILTER_SQL_H_
#define CLUSTR_COMMON_STORAGE_SQL_FILTER_SQL_H_

#include "common/schema/lists/filter.h"
#include "common/storage/sql/bound_sql.h"

namespace clustr::storage {

// Appends `filter` as a condition, in parentheses where it needs them. A comparison with NULL is
// NULL, which a condition without NOT treats as false; a negated comparison asks for NULL itself.
// So an index serves a comparison, and the answer is the same on every database. SQLite's own
// parser refuses more than 100 open symbols: of a group, the part that keeps most of them open
// comes first, where it adds one; what schema::ParseFilter lets through stays below.
void AppendFilter(const schema::Filter& filter, BoundSql* sql);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_FILTER_SQL_H_
