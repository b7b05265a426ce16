#ifndef CLUSTR_COMMON_RESOURCE_ROW_FIELD_H_
#define CLUSTR_COMMON_RESOURCE_ROW_FIELD_H_

#include "google/protobuf/message.h"

// The rows of a model M in a request or response: the one field of the holder whose type is M. The
// field is found by reflection, once for each pair of types.
namespace clustr::resource {

// The field of `holder` that holds one message of `model`, or a list of them; nullptr if there is
// none.
const google::protobuf::FieldDescriptor* FindRowField(const google::protobuf::Descriptor& holder,
                                                      const google::protobuf::Descriptor& model);

template <class M, class Holder>
const google::protobuf::FieldDescriptor* RowField() {
  static const auto* field = FindRowField(*Holder::descriptor(), *M::descriptor());
  return field;
}

// For a field that holds one row.

template <class M, class Holder>
bool HasRow(const Holder& holder) {
  return holder.GetReflection()->HasField(holder, RowField<M, Holder>());
}

template <class M, class Holder>
const M& RowIn(const Holder& holder) {
  return static_cast<const M&>(holder.GetReflection()->GetMessage(holder, RowField<M, Holder>()));
}

template <class M, class Holder>
M* MutableRowIn(Holder* holder) {
  return static_cast<M*>(holder->GetReflection()->MutableMessage(holder, RowField<M, Holder>()));
}

// For a field that holds a list of rows.

template <class M, class Holder>
int RowCount(const Holder& holder) {
  return holder.GetReflection()->FieldSize(holder, RowField<M, Holder>());
}

template <class M, class Holder>
const M& RowAt(const Holder& holder, int i) {
  return static_cast<const M&>(
      holder.GetReflection()->GetRepeatedMessage(holder, RowField<M, Holder>(), i));
}

template <class M, class Holder>
M* AddRow(Holder* holder) {
  return static_cast<M*>(holder->GetReflection()->AddMessage(holder, RowField<M, Holder>()));
}

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_ROW_FIELD_H_
