#ifndef CLUSTR_COMMON_IMPORTING_UTF8_H_
#define CLUSTR_COMMON_IMPORTING_UTF8_H_

#include <cstddef>
#include <string_view>

namespace clustr::importing {

// True if `text` is well-formed UTF-8: what a proto string accepts. No surrogates, no overlong
// forms, nothing above U+10FFFF. O(length).
bool IsUtf8(std::string_view text);

// Code points of well-formed UTF-8.
size_t CountCodePoints(std::string_view text);

// The first `count` code points of well-formed UTF-8; all of it if there are no more.
std::string_view FirstCodePoints(std::string_view text, size_t count);

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_UTF8_H_
