#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_WRAP_TEXT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_WRAP_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace clustr::ctl {

// Breaks a text at its spaces into lines that end before column `width`, where the first line
// begins in column `indent`, and all others are indented to it. A longer word stays whole. A width
// of 0 breaks nothing.
std::string WrapText(std::string_view text, size_t indent, size_t width);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_WRAP_TEXT_H_
