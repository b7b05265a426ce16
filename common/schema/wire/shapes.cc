#include "common/schema/wire/shapes.h"

#include <memory>

#include "common/schema/annotations.h"
#include "common/schema/wire/entry_limits.h"

namespace clustr::schema {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

namespace {

// How often a field that holds one message may occur; a proper encoding has it once.
constexpr int kMaxMerges = 4;

bool IsCounted(const FieldDescriptor& field) {
  return field.is_repeated() || field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

Shape ShapeOf(const FieldDescriptor& field, size_t slot) {
  const options::v1::Field& options = FieldOptions(field);
  const bool message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  int most = message ? kMaxMerges : INT32_MAX;
  if (field.is_repeated()) most = options.has_max_items() ? options.max_items() : kMaxEntries;
  return {WireFormatLite::WireTypeForFieldType(
              static_cast<WireFormatLite::FieldType>(field.type())),
          most,
          field.is_repeated(),
          field.is_packable(),
          slot,
          message ? field.message_type() : nullptr};
}

}  // namespace

Shapes::Shapes(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    const auto number = static_cast<size_t>(type.field(i)->number());
    if (number < kDense && number >= dense_.size()) dense_.resize(number + 1);
    (number < kDense ? dense_[number] : sparse_[number]) = ShapeOf(*type.field(i), counted_);
    if (IsCounted(*type.field(i))) ++counted_;
  }
}

const Shapes& ShapesOf(const Descriptor& type) {
  // Types are few and never go away. Each thread keeps them for itself, without a lock.
  thread_local absl::flat_hash_map<const Descriptor*, std::unique_ptr<const Shapes>> known;
  std::unique_ptr<const Shapes>& shapes = known[&type];
  if (shapes == nullptr) shapes = std::make_unique<const Shapes>(type);
  return *shapes;
}

}  // namespace clustr::schema
