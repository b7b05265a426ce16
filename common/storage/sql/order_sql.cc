#include "common/storage/sql/order_sql.h"

namespace clustr::storage {

using google::protobuf::Message;
using schema::Cell;
using schema::OrderKey;

namespace {

void AppendAfterFrom(const std::vector<OrderKey>& keys, size_t i, const Message& place,
                     BoundSql* sql) {
  const OrderKey& key = keys[i];
  const schema::Column& column = key.column;
  Cell cell;
  schema::ReadCell(place, column, &cell);
  const auto append_rest = [&] { AppendAfterFrom(keys, i + 1, place, sql); };
  const auto append_compare = [&](const char* sign) {
    sql->Append(column.name, sign);
    sql->AppendValue(column.type, cell);
  };
  if (i + 1 == keys.size()) return append_compare(key.descending ? " < " : " > ");
  // The nested condition is written first: see the parser limit in filter_sql.h.
  if (cell.null) {
    // In ascending order every value comes after NULL, in descending order none does.
    sql->Append("(");
    append_rest();
    return sql->Append(key.descending ? " AND " : " OR ", column.name,
                       key.descending ? " IS NULL)" : " IS NOT NULL)");
  }
  sql->Append("((");
  append_rest();
  sql->Append(" OR ");
  append_compare(key.descending ? " < " : " > ");
  // The next comparison is implied, but it is the one that lets an index find the start.
  sql->Append(") AND ");
  append_compare(key.descending ? " <= " : " >= ");
  if (key.descending && column.nullable) sql->Append(" OR ", column.name, " IS NULL");
  sql->Append(")");
}

}  // namespace

void AppendOrder(const std::vector<OrderKey>& keys, BoundSql* sql) {
  sql->Append(" ORDER BY ");
  for (size_t i = 0; i < keys.size(); ++i) {
    sql->Append(i == 0 ? "" : ", ", keys[i].column.name, keys[i].descending ? " DESC" : "");
    if (keys[i].column.nullable) {
      sql->Append(keys[i].descending ? " NULLS LAST" : " NULLS FIRST");
    }
  }
}

void AppendAfter(const std::vector<OrderKey>& keys, const Message& place, BoundSql* sql) {
  AppendAfterFrom(keys, 0, place, sql);
}

}  // namespace clustr::storage
