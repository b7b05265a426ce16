#ifndef CLUSTR_COMMON_SCHEMA_LISTS_FILTER_VALUE_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_FILTER_VALUE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/schema/lists/filter.h"

namespace clustr::schema {

// Reads `text` as a value of `comparison->column` and sets the value, and the operator where the
// value calls for another: an amount between two cents equals nothing, and `:` is equality but for
// texts. Empty, or why the text is no such value, with the remedy. Pure; exact for numbers of any
// length.
std::string ReadFilterValue(absl::string_view text, Comparison* comparison);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_FILTER_VALUE_H_
