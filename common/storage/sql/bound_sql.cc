#include "common/storage/sql/bound_sql.h"

namespace clustr::storage {

using schema::CellType;

void BoundSql::AppendValue(CellType type, const schema::Cell& value) {
  absl::StrAppend(&text, ":p", values.size());
  types.push_back(type);
  values.push_back(value);
}

void BoundSql::AppendInteger(int64_t value) {
  schema::Cell cell;
  cell.integer = value;
  AppendValue(CellType::kInteger, cell);
}

}  // namespace clustr::storage
