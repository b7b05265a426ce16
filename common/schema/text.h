#ifndef CLUSTR_COMMON_SCHEMA_TEXT_H_
#define CLUSTR_COMMON_SCHEMA_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// Checks of texts. Pure functions, thread-safe, O(length).
namespace clustr::schema {

// Number of code points of `text`, which must be valid UTF-8.
size_t CodePoints(absl::string_view text);

// Why `text`, which may be any bytes, is refused, with the remedy: it has more than `max_length`
// code points, contains a control character (U+0000 to U+001F, U+007F to U+009F) or is not valid
// UTF-8. Empty if it is accepted.
std::string WhyNotText(absl::string_view text, size_t max_length);

// True if `text` is valid UTF-8.
bool IsUtf8(absl::string_view text);

// `text` with U+FFFD in place of each byte that is not part of valid UTF-8.
std::string ReplaceInvalidUtf8(absl::string_view text);

// True if `text` is empty or contains only spaces.
bool IsBlank(absl::string_view text);

}  // namespace clustr::schema

#endif  // CLUSTR_COMMON_SCHEMA_TEXT_H_
