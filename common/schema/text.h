#ifndef CLUSTR_COMMON_SCHEMA_TEXT_H_
#define CLUSTR_COMMON_SCHEMA_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// What makes a text acceptable. Pure functions over valid UTF-8.
namespace clustr::schema {

size_t CodePoints(absl::string_view text);

// Why a text is refused, with the remedy: more than `max_length` code points, a control character
// (U+0000 to U+001F, U+007F to U+009F), or bytes that are not UTF-8. Empty if it is accepted.
std::string WhyNotText(absl::string_view text, size_t max_length);

// True if there is nothing but spaces in it.
bool IsBlank(absl::string_view text);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_TEXT_H_
