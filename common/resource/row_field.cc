#include "common/resource/row_field.h"

#include "google/protobuf/descriptor.h"

namespace clustr::resource {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const FieldDescriptor* FindRowField(const Descriptor& holder, const Descriptor& model) {
  for (int i = 0; i < holder.field_count(); ++i) {
    if (holder.field(i)->message_type() == &model) return holder.field(i);
  }
  return nullptr;
}

}  // namespace clustr::resource
