#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_COMPLETION_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_COMPLETION_H_

#include <memory>

#include "tools/clustrctl/command.h"

namespace clustr::ctl {

// `completion SHELL`: prints a script by which bash, zsh or fish completes commands and flags.
std::unique_ptr<Command> MakeCompletionCommand();

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_COMPLETION_H_
