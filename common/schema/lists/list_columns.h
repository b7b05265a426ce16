#ifndef CLUSTR_COMMON_SCHEMA_LISTS_LIST_COLUMNS_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_LIST_COLUMNS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/schema/field.h"
#include "google/protobuf/descriptor.h"

// The fields by which lists of a model can be filtered and ordered: its stored singular scalar
// fields. Pure functions, thread-safe.
namespace clustr::schema {

// These columns, ordered by field number.
std::vector<Column> ListColumns(const google::protobuf::Descriptor& model);

// The error for a `name` that none of them has, which lists their names.
std::string WhyNotListColumn(absl::string_view name, const google::protobuf::Descriptor& model);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_LIST_COLUMNS_H_
