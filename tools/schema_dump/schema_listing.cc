#include "tools/schema_dump/schema_listing.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/schema/annotations.h"
#include "common/storage/ddl.h"
#include "tools/schema_dump/models.h"

namespace clustr::schema_dump {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

namespace {

std::string OptionsLine(const google::protobuf::Message& options) {
  std::string line;
  for (const Option& option : OptionsSet(options)) {
    absl::StrAppend(&line, " ", option.name, option.value.empty() ? "" : "=", option.value);
  }
  return line;
}

std::string FieldLine(const FieldDescriptor& field) {
  const auto& options = schema::FieldOptions(field);
  const std::string column = options.not_stored() ? "-" : schema::ColumnName(field);
  return absl::StrCat("  field ", field.number(), " ", field.name(), ": ", TypeText(field),
                      ", column ", column, OptionsLine(options).empty() ? "" : ",",
                      OptionsLine(options), "\n");
}

}  // namespace

std::string ListModel(const Descriptor& model) {
  std::string text =
      absl::StrCat(model.full_name(), "\n  table", OptionsLine(*schema::TableOptions(model)), "\n");
  for (const std::string& statement : storage::CreateStatements(model)) {
    absl::StrAppend(&text, "  sql ", statement, "\n");
  }
  const auto inputs = schema::InputFields(model);
  absl::StrAppend(&text, "  csv ",
                  absl::StrJoin(inputs, ",",
                                [](std::string* out, const FieldDescriptor* field) {
                                  out->append(field->name());
                                }),
                  "\n");
  for (int i = 0; i < model.field_count(); ++i) text += FieldLine(*model.field(i));
  for (int i = 0; i < model.reserved_range_count(); ++i) {
    const Descriptor::ReservedRange& range = *model.reserved_range(i);
    absl::StrAppend(&text, "  reserved ", range.start, " to ", range.end - 1, "\n");
  }
  return text;
}

std::string SchemaListing() {
  std::vector<std::string> models;
  for (const Descriptor* model : StoredModels()) models.push_back(ListModel(*model));
  return absl::StrJoin(models, "\n");
}

}  // namespace clustr::schema_dump
