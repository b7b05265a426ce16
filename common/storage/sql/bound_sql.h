#ifndef CLUSTR_COMMON_STORAGE_SQL_BOUND_SQL_H_
#define CLUSTR_COMMON_STORAGE_SQL_BOUND_SQL_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/schema/field.h"

namespace clustr::storage {

// A piece of SQL together with the values of its places: nothing that a caller sent is ever in the
// text.
struct BoundSql {
  std::string text;
  std::vector<schema::CellType> types;
  std::vector<schema::Cell> values;

  template <class... Parts>
  void Append(const Parts&... parts) {
    absl::StrAppend(&text, parts...);
  }

  // Appends a place and its value.
  void AppendValue(schema::CellType type, const schema::Cell& value) {
    absl::StrAppend(&text, ":p", values.size());
    types.push_back(type);
    values.push_back(value);
  }
  void AppendInteger(int64_t value) {
    schema::Cell cell;
    cell.integer = value;
    AppendValue(schema::CellType::kInteger, cell);
  }
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_BOUND_SQL_H_
