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

// `reflection` and `fields` are those of `message`.
void DropFrom(Message* message, const Reflection& reflection, const MessageFields& fields) {
  if (!reflection.GetUnknownFields(*message).empty()) {
    reflection.MutableUnknownFields(message)->Clear();
  }
  for (const FieldDescriptor* field : fields) {
    if (!field->is_repeated()) {
      if (reflection.HasField(*message, field)) {
        DropUnknownFields(reflection.MutableMessage(message, field));
      }
      continue;
    }
    // A stream of an import brings thousands of rows; what is the same for all is looked up once.
    const int count = reflection.FieldSize(*message, field);
    if (count == 0) continue;
    const MessageFields& inner = MessageFieldsOf(*field->message_type());
    const Reflection& rows = *reflection.GetRepeatedMessage(*message, field, 0).GetReflection();
    for (int i = 0; i < count; ++i) {
      DropFrom(reflection.MutableRepeatedMessage(message, field, i), rows, inner);
    }
  }
}

}  // namespace

void DropUnknownFields(Message* message) {
  DropFrom(message, *message->GetReflection(), MessageFieldsOf(*message->GetDescriptor()));
}

}  // namespace clustr::schema
