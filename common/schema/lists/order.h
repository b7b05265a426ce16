#ifndef CLUSTR_COMMON_SCHEMA_LISTS_ORDER_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_ORDER_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "common/schema/field.h"
#include "google/protobuf/descriptor.h"

namespace clustr::schema {

// One field that rows are ordered by. Texts compare by bytes; unset is less than every value.
struct OrderKey {
  Column column;
  bool descending;
};

// Reads an order_by of AIP-132, `price desc, brand`, over a model with an id. The last key is the
// id, ascending unless it is named, so that no two rows are in the same place. Appends a violation
// of `order_by` for each part that is no field with an optional `desc`, or names a field again; the
// result is without meaning then. Pure.
std::vector<OrderKey> ParseOrder(absl::string_view text, const google::protobuf::Descriptor& model,
                                 std::vector<Violation>* violations);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_ORDER_H_
