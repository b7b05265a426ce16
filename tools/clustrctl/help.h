#ifndef CLUSTR_TOOLS_CLUSTRCTL_HELP_H_
#define CLUSTR_TOOLS_CLUSTRCTL_HELP_H_

#include <cstddef>
#include <string>

#include "tools/clustrctl/command.h"
#include "tools/clustrctl/flags.h"

// The texts of --help. `width` is that of the terminal; 0 breaks no lines.
namespace clustr::ctl {

// What `clustrctl --help` prints: all commands, `flags`, and the exit codes.
std::string Overview(const FlagSet& flags, size_t width);

// What `clustrctl COMMAND --help` prints: usage, examples and flags.
std::string CommandHelp(const CommandEntry& entry, const FlagSet& own, const FlagSet& global,
                        size_t width);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_HELP_H_
