#ifndef CLUSTR_COMMON_SCHEMA_LISTS_FILTER_VALUE_H_
#define CLUSTR_COMMON_SCHEMA_LISTS_FILTER_VALUE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/schema/lists/filter.h"

namespace clustr::schema {

// Parses `text` as a value of `comparison->column` and sets `comparison->value`. Adjusts
// `comparison->op` if the value requires it: an amount between two cents equals no stored amount,
// and `:` on a field that is not a text means equality. Returns an empty string, or why the text is
// not a value of the column, with the remedy. Pure. Exact for numbers of any length.
std::string ReadFilterValue(absl::string_view text, Comparison* comparison);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_LISTS_FILTER_VALUE_H_
