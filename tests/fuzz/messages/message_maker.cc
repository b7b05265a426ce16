#include "tests/fuzz/messages/message_maker.h"

#include "common/schema/annotations.h"

namespace clustr::fuzz {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

constexpr int kMaxDepth = 6;

}  // namespace

void MessageMaker::Fill(Message* message, int depth) {
  const Descriptor& type = *message->GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    const auto& options = schema::FieldOptions(field);
    // A byte 0 says what is plain: only required fields, once each.
    const uint8_t decision = input_.Byte();
    const bool required = options.required() || options.min_items() > 0;
    if (depth >= kMaxDepth && field.message_type() != nullptr) continue;
    if (field.is_map()) continue;
    if (!field.is_repeated()) {
      const bool set = required ? decision < 240 : decision % 4 == 1;
      if (set) AddValue(message, field, depth);
      continue;
    }
    int count = decision == 0 ? 0 : decision % 4;
    if (required && decision < 240) count = 1 + decision % 3;
    if (decision == 255) count = 1001;
    for (int k = 0; k < count && (k < 8 || !input_.empty() || decision == 255); ++k) {
      AddValue(message, field, depth);
    }
  }
}

void MessageMaker::AddValue(Message* message, const google::protobuf::FieldDescriptor& field,
                            int depth) {
  const Reflection& reflection = *message->GetReflection();
  const bool repeated = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      const auto value = static_cast<int32_t>(values_.AnyInteger(field));
      repeated ? reflection.AddInt32(message, &field, value)
               : reflection.SetInt32(message, &field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      const int64_t value = values_.AnyInteger(field);
      repeated ? reflection.AddInt64(message, &field, value)
               : reflection.SetInt64(message, &field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const double value = values_.AnyReal(field);
      repeated ? reflection.AddDouble(message, &field, value)
               : reflection.SetDouble(message, &field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool value = input_.Below(2) == 1;
      repeated ? reflection.AddBool(message, &field, value)
               : reflection.SetBool(message, &field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int value = values_.AnyEnum(field);
      repeated ? reflection.AddEnumValue(message, &field, value)
               : reflection.SetEnumValue(message, &field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string value = values_.AnyText(field);
      repeated ? reflection.AddString(message, &field, value)
               : reflection.SetString(message, &field, value);
      return;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(repeated ? reflection.AddMessage(message, &field)
                           : reflection.MutableMessage(message, &field),
                  depth + 1);
    default:  // No model has a field of another type.
      return;
  }
}

}  // namespace clustr::fuzz
