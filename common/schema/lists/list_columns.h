#ifndef CLUSTR_COMMON_SCHEMA_LISTS_LIST_COLUMNS_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_LIST_COLUMNS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/schema/field.h"
#include "google/protobuf/descriptor.h"

// What lists of a model can be filtered and ordered by: its singular scalar fields that are stored.
// Pure functions.
namespace clustr::schema {

// In the order of the field numbers.
std::vector<Column> ListColumns(const google::protobuf::Descriptor& model);

// The refusal of a name that none of them has; tells which there are.
std::string WhyNotListColumn(absl::string_view name, const google::protobuf::Descriptor& model);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_LIST_COLUMNS_H_
