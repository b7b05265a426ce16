#ifndef CLUSTR_COMMON_STORAGE_SQL_ORDER_SQL_H_
#define CLUSTR_COMMON_STORAGE_SQL_ORDER_SQL_H_

#include <vector>

#include "common/schema/lists/order.h"
#include "common/storage/sql/bound_sql.h"
#include "google/protobuf/message.h"

namespace clustr::storage {

// Appends ` ORDER BY …` for the keys. NULL sorts before every value on every database.
void AppendOrder(const std::vector<schema::OrderKey>& keys, BoundSql* sql);

// Appends the condition that a row comes after `place` in that order. Only the fields of the keys
// are read from `place`. There must be a key, and the last one must be unique and never NULL. An
// index on the first key finds the start, unless that key is descending over a nullable column.
void AppendAfter(const std::vector<schema::OrderKey>& keys, const google::protobuf::Message& place,
                 BoundSql* sql);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_ORDER_SQL_H_
