#include "common/importing/row_parser.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error_reason.h"
#include "common/importing/field_text.h"
#include "common/schema/annotations.h"

namespace clustr::importing {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

bool IsRequired(const FieldDescriptor* field, const FieldDescriptor* id) {
  return field == id || schema::FieldOptions(*field).required();
}

absl::Status RefuseColumn(std::string_view column, const char* problem,
                          const std::vector<const FieldDescriptor*>& allowed,
                          const FieldDescriptor* id) {
  const std::string names =
      absl::StrJoin(allowed, ", ", [id](std::string* out, const FieldDescriptor* field) {
        absl::StrAppend(out, field->name(), IsRequired(field, id) ? " (required)" : "");
      });
  return absl::InvalidArgumentError(
      absl::StrCat("column \"", std::string(column), "\" ", problem, "; allowed are ", names));
}

}  // namespace

absl::StatusOr<CsvColumns> CsvColumns::Bind(const Descriptor& message,
                                            absl::Span<const std::string> header) {
  const std::vector<const FieldDescriptor*> allowed = schema::ImportFields(message);
  CsvColumns columns;
  columns.id_ = schema::IdField(message);
  for (const std::string& name : header) {
    const auto field = std::find_if(allowed.begin(), allowed.end(),
                                    [&](const auto* f) { return f->name() == name; });
    if (field == allowed.end()) return RefuseColumn(name, "is unknown", allowed, columns.id_);
    if (std::count(columns.fields_.begin(), columns.fields_.end(), *field) > 0) {
      return RefuseColumn(name, "appears twice", allowed, columns.id_);
    }
    columns.fields_.push_back(*field);
  }
  const auto has = [&](const FieldDescriptor* field) {
    return std::count(columns.fields_.begin(), columns.fields_.end(), field) > 0;
  };
  const auto keys = schema::KeyFields(message);
  const bool has_key = std::any_of(keys.begin(), keys.end(), has);
  for (const FieldDescriptor* field : allowed) {
    if (!IsRequired(field, columns.id_) || has(field)) continue;
    if (field == columns.id_ && has_key) continue;
    const FieldDescriptor* key = schema::KeyOf(message, *field);
    if (key != nullptr && has(key)) continue;
    return RefuseColumn(field->name(), "is missing", allowed, columns.id_);
  }
  return columns;
}

bool CsvColumns::Parse(absl::Span<const std::string_view> cells, Message* message,
                       common::v1::RowError* error) const {
  bool good = true;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const std::string_view cell = cells[i];
    const FieldDescriptor& field = *fields_[i];
    if (cell.empty()) {
      const bool empty_text = cell.data() != nullptr && field.has_presence() &&
                              field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
      if (!empty_text) continue;
    }
    std::string why;
    if (SetFieldFromText(cell, field, message, &why)) continue;
    good = false;
    auto* violation = error->add_violations();
    violation->set_field(field.name());
    violation->set_description(why);
    violation->set_reason(std::string(ReasonName(common::v1::ERROR_REASON_FIELD_INVALID)));
  }
  return good;
}

std::vector<std::string> CsvColumns::MaskPaths() const {
  std::vector<std::string> paths;
  for (const FieldDescriptor* field : fields_) {
    if (field != id_) paths.push_back(field->name());
  }
  return paths;
}

}  // namespace clustr::importing
