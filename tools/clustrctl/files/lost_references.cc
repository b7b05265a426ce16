#include "tools/clustrctl/files/lost_references.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"
#include "tools/clustrctl/files/table_file.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {

using google::protobuf::Descriptor;

void LostReferences::Add(const google::protobuf::Message& row) {
  Table& table = TableOf(*row.GetDescriptor());
  const google::protobuf::Reflection& values = *row.GetReflection();
  const int64_t id = values.GetInt64(row, schema::IdField(*table.row));
  if (table.references.empty()) table.ids.insert(id);
  for (Reference& reference : table.references) {
    const Table& target = *reference.target;
    const int64_t value = values.GetInt64(row, reference.field);
    const bool lost =
        target.references.empty() ? !target.ids.contains(value) : target.lost.contains(value);
    if (!lost) continue;
    ++reference.lost_count;
    table.lost.insert(id);
  }
}

std::vector<std::string> LostReferences::Describe() const {
  std::vector<std::string> lines;
  for (const Table& table : tables_) {
    for (const Reference& reference : table.references) {
      if (reference.lost_count == 0) continue;
      const Table& target = *reference.target;
      lines.push_back(
          absl::StrCat(WithSeparators(reference.lost_count), " rows of ", TableName(*table.row),
                       " refer to ", TableName(*target.row),
                       target.references.empty()
                           ? " that catalog no longer has; an import elsewhere refuses them"
                           : " that such an import refuses; it refuses these rows as well"));
    }
  }
  return lines;
}

LostReferences::Table& LostReferences::TableOf(const Descriptor& row) {
  for (Table& table : tables_) {
    if (table.row == &row) return table;
  }
  std::vector<Reference> references;
  for (const auto* field : schema::StoredFields(row)) {
    const std::string& model = schema::FieldOptions(*field).references();
    if (model.empty()) continue;
    references.push_back({field, &TableOf(*row.file()->pool()->FindMessageTypeByName(model))});
  }
  return tables_.emplace_back(Table{&row, std::move(references), {}, {}});
}

}  // namespace clustr::ctl
