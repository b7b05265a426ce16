#ifndef CLUSTR_COMMON_IMPORTING_UTF8_H_
#define CLUSTR_COMMON_IMPORTING_UTF8_H_

#include <cstddef>
#include <string_view>

namespace clustr::importing {

// UTF-8 for imports. Pure functions, thread-safe, O(length).

// True if `text` is well-formed UTF-8, which is what a proto string accepts: no surrogates, no
// overlong forms, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

// Number of code points of `text`, which must be well-formed UTF-8.
size_t CountCodePoints(std::string_view text);

// The first `count` code points of `text`, which must be well-formed UTF-8; all of it if it has no
// more.
std::string_view FirstCodePoints(std::string_view text, size_t count);

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_UTF8_H_
