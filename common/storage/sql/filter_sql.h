#ifndef CLUSTR_COMMON_STORAGE_SQL_FILTER_SQL_H_
#define CLUSTR_COMMON_STORAGE_SQL_FILTER_SQL_H_

#include "common/schema/lists/filter.h"
#include "common/storage/sql/bound_sql.h"
#include "common/storage/sql/dialect.h"

namespace clustr::storage {

// Appends `filter` as a condition of `dialect`, in parentheses where it needs them. The condition
// contains no NOT: a comparison with NULL is NULL, which counts as false, and a negated comparison
// is written as the opposite one `OR column IS NULL`. So an index can serve each comparison, and
// every database gives the same answer.
//
// SQLite's parser refuses more than 100 open symbols. The part of a group that needs the most is
// therefore written first, where it adds only one; every filter that schema::ParseFilter accepts
// stays below the limit. Pure, thread-safe.
void AppendFilter(const schema::Filter& filter, Dialect dialect, BoundSql* sql);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_FILTER_SQL_H_
