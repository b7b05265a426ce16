#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_EXAMPLES_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_EXAMPLES_H_

#include <string>
#include <vector>

namespace clustr::ctl {

// Lines to type into a shell that show how a command is used, as its --help prints them. A test
// runs each one. The command must be one of AllCommands().
const std::vector<const char*>& ExamplesOf(const std::string& command);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_EXAMPLES_H_
