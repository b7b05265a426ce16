#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_TERMINAL_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_TERMINAL_H_

#include <cstddef>

namespace clustr::ctl {

// Width in characters of the terminal that stdout goes to: what COLUMNS says, or else the terminal
// itself. 0 if stdout is a file or a pipe, where nothing is cut, or if the width is unknown.
size_t TerminalWidth();

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_TERMINAL_H_
