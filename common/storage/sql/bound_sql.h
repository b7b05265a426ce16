#ifndef CLUSTR_COMMON_STORAGE_SQL_BOUND_SQL_H_
#define CLUSTR_COMMON_STORAGE_SQL_BOUND_SQL_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/schema/field.h"

namespace clustr::storage {

// A piece of SQL with the values of its parameters. Values from callers are always bound and never
// become part of the text.
struct BoundSql {
  std::string text;
  std::vector<schema::CellType> types;  // Indexed by parameter, in the order of the text.
  std::vector<schema::Cell> values;     // Indexed by parameter, in the order of the text.

  // Appends text. Must not be given anything that a caller sent.
  template <class... Parts>
  void Append(const Parts&... parts) {
    absl::StrAppend(&text, parts...);
  }

  // Appends a parameter and its value.
  void AppendValue(schema::CellType type, const schema::Cell& value);
  void AppendInteger(int64_t value);
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SQL_BOUND_SQL_H_
