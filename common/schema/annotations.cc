#include "common/schema/annotations.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace clustr::schema {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const options::v1::Field& FieldOptions(const FieldDescriptor& field) {
  return field.options().GetExtension(options::v1::field);
}

const options::v1::Table* TableOptions(const Descriptor& message) {
  if (!message.options().HasExtension(options::v1::table)) return nullptr;
  return &message.options().GetExtension(options::v1::table);
}

const FieldDescriptor* IdField(const Descriptor& message) {
  const options::v1::Table* table = TableOptions(message);
  return table == nullptr ? nullptr : message.FindFieldByName(table->id());
}

const FieldDescriptor* RevisionField(const Descriptor& message) {
  return message.FindFieldByName("revision");
}

namespace {

template <class Predicate>
std::vector<const FieldDescriptor*> FieldsWhere(const Descriptor& message, Predicate wanted) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    if (wanted(FieldOptions(*field))) fields.push_back(field);
  }
  std::sort(fields.begin(), fields.end(),
            [](const auto* a, const auto* b) { return a->number() < b->number(); });
  return fields;
}

}  // namespace

std::vector<const FieldDescriptor*> StoredFields(const Descriptor& message) {
  return FieldsWhere(message, [](const options::v1::Field& f) { return !f.not_stored(); });
}

std::vector<const FieldDescriptor*> InputFields(const Descriptor& message) {
  return FieldsWhere(
      message, [](const options::v1::Field& f) { return !f.not_stored() && !f.output_only(); });
}

std::vector<const FieldDescriptor*> KeyFields(const Descriptor& message) {
  std::vector<const FieldDescriptor*> fields = StoredFields(message);
  std::erase_if(fields, [](const FieldDescriptor* field) {
    return !FieldOptions(*field).unique() || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING;
  });
  return fields;
}

const FieldDescriptor* KeyOf(const Descriptor& message, const FieldDescriptor& id) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (FieldOptions(*message.field(i)).key_of() == id.name()) return message.field(i);
  }
  return nullptr;
}

std::vector<ReferenceKey> ReferenceKeys(const Descriptor& message) {
  std::vector<ReferenceKey> references;
  for (const FieldDescriptor* key :
       FieldsWhere(message, [](const options::v1::Field& f) { return !f.key_of().empty(); })) {
    references.push_back({message.FindFieldByName(FieldOptions(*key).key_of()), key});
  }
  return references;
}

std::vector<const FieldDescriptor*> ImportFields(const Descriptor& message) {
  std::vector<const FieldDescriptor*> fields = InputFields(message);
  for (const ReferenceKey& reference : ReferenceKeys(message)) fields.push_back(reference.key);
  return fields;
}

std::string ColumnName(const FieldDescriptor& field) {
  const bool money = FieldOptions(field).meaning() == options::v1::MEANING_MONEY;
  return money ? field.name() + "_cents" : field.name();
}

std::string ResourceWord(const Descriptor& message) {
  const options::v1::Table* table = TableOptions(message);
  return table == nullptr ? "" : absl::AsciiStrToLower(table->resource());
}

}  // namespace clustr::schema
