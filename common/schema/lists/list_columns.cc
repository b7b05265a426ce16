#include "common/schema/lists/list_columns.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/schema/annotations.h"

namespace clustr::schema {

using google::protobuf::Descriptor;

std::vector<Column> ListColumns(const Descriptor& model) {
  std::vector<Column> columns = ColumnsOf(model);
  std::erase_if(columns, [](const Column& column) { return column.field->is_repeated(); });
  return columns;
}

std::string WhyNotListColumn(absl::string_view name, const Descriptor& model) {
  return absl::StrCat(
      Quoted(name), " is not a field of ", ResourceWord(model), "; give one of ",
      absl::StrJoin(ListColumns(model), ", ", [](std::string* out, const Column& column) {
        out->append(column.field->name());
      }));
}

}  // namespace clustr::schema
