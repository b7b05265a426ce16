#ifndef CLUSTR_COMMON_STORAGE_SQL_ORDER_SQL_H_
#define CLUSTR_COMMON_STORAGE_SQL_ORDER_SQL_H_

#include <vector>

#include "common/schema/lists/order.h"
#include "common/storage/sql/bound_sql.h"
#include "google/protobuf/message.h"

namespace clustr::storage {

// Appends ` ORDER BY …` of the keys; NULL is the least value on every database.
void AppendOrder(const std::vector<schema::OrderKey>& keys, BoundSql* sql);

// Appends the condition that a row comes behind `place` in that order; of `place`, only the fields
// of the keys count. The last key must be unique and never NULL. An index on the first key finds
// the start, unless it is descending over a column that may be NULL.
void AppendBehind(const std::vector<schema::OrderKey>& keys, const google::protobuf::Message& place,
                  BoundSql* sql);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_ORDER_SQL_H_
