#include "common/schema/update.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"
#include "common/schema/wire/entry_limits.h"
#include "common/schema/validator.h"

namespace clustr::schema {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// True if a write of this kind cannot give the field.
bool IsOutput(const FieldDescriptor& field, RowUpdate::Kind kind) {
  const options::v1::Field& options = FieldOptions(field);
  return options.output_only() || (options.import_only() && kind != RowUpdate::Kind::kImport);
}

std::string WhyNotPath(const std::string& path, const Descriptor& message, RowUpdate::Kind kind) {
  const FieldDescriptor* field = message.FindFieldByName(path);
  if (field == nullptr) {
    return absl::StrCat(Quoted(path), " is not a field of ", message.name(),
                        "; name only its fields");
  }
  if (field == IdField(message)) {
    return absl::StrCat(Quoted(path), " is the id, which never changes; leave it out of the mask");
  }
  if (IsOutput(*field, kind)) {
    return absl::StrCat(Quoted(path), " is set by the server; leave it out of the mask");
  }
  return "";
}

std::string ValueText(const Message& message, const Column& column) {
  Cell cell;
  ReadCell(message, column, &cell);
  return column.type == CellType::kText ? Quoted(cell.text) : absl::StrCat(cell.integer);
}

}  // namespace

RowUpdate::RowUpdate(const Descriptor& message, const google::protobuf::FieldMask& mask,
                     absl::string_view mask_path, Kind kind, std::vector<Violation>* violations) {
  if (mask.paths_size() > kMaxEntries) {
    violations->push_back(
        {std::string(mask_path), TooManyEntries(mask.paths_size(), kMaxEntries)});
    return;
  }
  named_.insert(mask.paths().begin(), mask.paths().end());
  const bool all = named_.erase("*") > 0;
  gives_all_ = all || mask.paths().empty();
  for (const std::string& path : mask.paths()) {
    if (path == "*") continue;
    if (std::string why = WhyNotPath(path, message, kind); !why.empty()) {
      violations->push_back({std::string(mask_path), std::move(why)});
    }
  }
  absl::flat_hash_set<std::string> columns = named_;
  for (const ReferenceKey& reference : ReferenceKeys(message)) {
    if (named_.contains(reference.key->name())) columns.insert(reference.id->name());
  }
  for (Column& column : ColumnsOf(message)) {
    const options::v1::Field& options = FieldOptions(*column.field);
    if (IsOutput(*column.field, kind) || column.field == IdField(message)) continue;
    const bool masked = all || columns.contains(column.field->name());
    if (!masked && !mask.paths().empty()) continue;
    const bool keeps = kind == Kind::kImport && options.filled_on_create();
    targets_.push_back({std::move(column), masked, keeps, options.immutable()});
  }
}

void RowUpdate::Apply(const Message& given, absl::string_view path, Message* stored,
                      std::vector<Violation>* violations) const {
  for (const Target& target : targets_) {
    const FieldDescriptor& field = *target.column.field;
    const bool set = IsSet(given, field);
    if (!set && (!target.masked || target.keeps_if_unset)) continue;
    if (target.immutable && !SameField(given, *stored, target.column)) {
      violations->push_back(
          {JoinPath(path, field.name()),
           absl::StrCat(ValueText(given, target.column), " differs from the stored ",
                        ValueText(*stored, target.column),
                        ", and this field never changes; give the stored value")});
      continue;
    }
    CopyField(given, target.column, stored);
  }
}

std::unique_ptr<Message> RowUpdate::Taken(const Message& given) const {
  std::unique_ptr<Message> taken(given.New());
  for (const Target& target : targets_) {
    if (IsSet(given, *target.column.field)) CopyField(given, target.column, taken.get());
  }
  return taken;
}

bool RowUpdate::Names(const FieldDescriptor& field) const {
  return std::any_of(targets_.begin(), targets_.end(), [&](const Target& target) {
    return target.masked && target.column.field == &field;
  });
}

}  // namespace clustr::schema
