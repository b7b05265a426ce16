#include "tests/testing/edited_model.h"

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clustr::testing {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

namespace {

void CopyDependencies(const FileDescriptor& file, google::protobuf::DescriptorPool* pool) {
  for (int i = 0; i < file.dependency_count(); ++i) {
    const FileDescriptor& dependency = *file.dependency(i);
    if (pool->FindFileByName(dependency.name()) != nullptr) continue;
    CopyDependencies(dependency, pool);
    FileDescriptorProto copy;
    dependency.CopyTo(&copy);
    pool->BuildFile(copy);
  }
}

}  // namespace

EditedModel::EditedModel(const Descriptor& model, const Edit& edit) {
  CopyDependencies(*model.file(), &pool_);
  FileDescriptorProto file;
  model.file()->CopyTo(&file);
  for (DescriptorProto& message : *file.mutable_message_type()) {
    if (message.name() == model.name()) edit(&message);
  }
  EXPECT_NE(pool_.BuildFile(file), nullptr) << "the edit does not make a valid .proto file";
  descriptor_ = pool_.FindMessageTypeByName(model.full_name());
}

std::unique_ptr<google::protobuf::Message> EditedModel::Text(const std::string& text) const {
  std::unique_ptr<google::protobuf::Message> message(messages_.GetPrototype(descriptor_)->New());
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, message.get())) << text;
  return message;
}

FieldDescriptorProto* FieldIn(DescriptorProto* message, const std::string& name) {
  for (FieldDescriptorProto& field : *message->mutable_field()) {
    if (field.name() == name) return &field;
  }
  ADD_FAILURE() << message->name() << " has no field " << name;
  return nullptr;
}

FieldDescriptorProto* AddField(DescriptorProto* message, const std::string& name, int number,
                               FieldDescriptorProto::Type type, bool optional) {
  FieldDescriptorProto* field = message->add_field();
  field->set_name(name);
  field->set_number(number);
  field->set_type(type);
  field->set_label(FieldDescriptorProto::LABEL_OPTIONAL);
  if (optional) {
    field->set_proto3_optional(true);
    field->set_oneof_index(message->oneof_decl_size());
    message->add_oneof_decl()->set_name("_" + name);
  }
  return field;
}

void RemoveField(DescriptorProto* message, const std::string& name, bool reserve) {
  const FieldDescriptorProto removed = *FieldIn(message, name);
  if (reserve) {
    auto* range = message->add_reserved_range();
    range->set_start(removed.number());
    range->set_end(removed.number() + 1);
    message->add_reserved_name(name);
  }
  auto* fields = message->mutable_field();
  for (int i = 0; i < fields->size(); ++i) {
    if (fields->Get(i).name() == name) fields->DeleteSubrange(i, 1);
  }
  if (!removed.has_oneof_index()) return;
  // The synthetic oneof that tracks the presence of the field is removed with it.
  message->mutable_oneof_decl()->DeleteSubrange(removed.oneof_index(), 1);
  for (FieldDescriptorProto& field : *fields) {
    if (field.has_oneof_index() && field.oneof_index() > removed.oneof_index()) {
      field.set_oneof_index(field.oneof_index() - 1);
    }
  }
}

options::v1::Field* OptionsOf(FieldDescriptorProto* field) {
  return field->mutable_options()->MutableExtension(options::v1::field);
}

}  // namespace clustr::testing
