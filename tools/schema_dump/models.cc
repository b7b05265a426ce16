#include "tools/schema_dump/models.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/schema/annotations.h"
#include "google/protobuf/descriptor_database.h"
#include "google/protobuf/text_format.h"

namespace clustr::schema_dump {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

std::vector<const Descriptor*> StoredModels() {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::vector<const Descriptor*> models;
  for (const std::string& name : files) {
    const FileDescriptor& file = *DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; i < file.message_type_count(); ++i) {
      const Descriptor* message = file.message_type(i);
      if (schema::TableOptions(*message) != nullptr) models.push_back(message);
    }
  }
  std::sort(models.begin(), models.end(),
            [](const auto* a, const auto* b) { return a->full_name() < b->full_name(); });
  return models;
}

std::string TypeText(const FieldDescriptor& field) {
  const char* label = field.is_repeated() ? "repeated " : field.has_presence() ? "optional " : "";
  if (field.message_type() != nullptr) return field.message_type()->full_name();
  return absl::StrCat(label, field.type_name());
}

std::vector<Option> OptionsSet(const google::protobuf::Message& options) {
  std::vector<const FieldDescriptor*> fields;
  options.GetReflection()->ListFields(options, &fields);
  std::vector<Option> set;
  for (const FieldDescriptor* field : fields) {
    Option option{field->name(), ""};
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      option.value = options.GetReflection()->GetString(options, field);
    } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_BOOL) {
      google::protobuf::TextFormat::PrintFieldValueToString(options, field, -1, &option.value);
    }
    set.push_back(std::move(option));
  }
  return set;
}

}  // namespace clustr::schema_dump
