#ifndef CLUSTR_COMMON_SCHEMA_LISTS_ORDER_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_ORDER_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/field.h"
#include "google/protobuf/descriptor.h"

namespace clustr::schema {

// One field by which rows are ordered. Texts are compared by bytes. Unset is less than any value.
struct OrderKey {
  Column column;
  bool descending;
};

// Parses an order_by as in AIP-132 (`price desc, brand`) over a model, which must have an id. The
// last key is always the id, ascending unless `text` says otherwise, so that the order is total.
// Appends a violation of the field `order_by` for each part that is not a field with an optional
// `desc` or that repeats a field; the returned keys must not be used then. Pure, thread-safe.
std::vector<OrderKey> ParseOrder(absl::string_view text, const google::protobuf::Descriptor& model,
                                 std::vector<Violation>* violations);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_ORDER_H_
