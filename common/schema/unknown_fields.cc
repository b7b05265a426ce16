#include "common/schema/unknown_fields.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace clustr::schema {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

// The fields of a type that hold messages.
using MessageFields = std::vector<const FieldDescriptor*>;

const MessageFields& MessageFieldsOf(const Descriptor& type) {
  // Types are few and never go away. Each thread looks them up in a copy of its own, without a
  // lock.
  thread_local absl::flat_hash_map<const Descriptor*, std::unique_ptr<const MessageFields>> known;
  std::unique_ptr<const MessageFields>& fields = known[&type];
  if (fields == nullptr) {
    MessageFields found;
    for (int i = 0; i < type.field_count(); ++i) {
      if (type.field(i)->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        found.push_back(type.field(i));
      }
    }
    fields = std::make_unique<const MessageFields>(std::move(found));
  }
  return *fields;
}

}  // namespace

void DropUnknownFields(Message* message) {
  const Reflection& reflection = *message->GetReflection();
  if (!reflection.GetUnknownFields(*message).empty()) {
    reflection.MutableUnknownFields(message)->Clear();
  }
  for (const FieldDescriptor* field : MessageFieldsOf(*message->GetDescriptor())) {
    if (field->is_repeated()) {
      const int count = reflection.FieldSize(*message, field);
      for (int i = 0; i < count; ++i) {
        DropUnknownFields(reflection.MutableRepeatedMessage(message, field, i));
      }
    } else if (reflection.HasField(*message, field)) {
      DropUnknownFields(reflection.MutableMessage(message, field));
    }
  }
}

}  // namespace clustr::schema
