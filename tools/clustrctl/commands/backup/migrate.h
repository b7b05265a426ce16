#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_MIGRATE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_MIGRATE_H_

#include <memory>

#include "tools/clustrctl/command.h"

namespace clustr::ctl {

// The command that copies all rows of running servers to other running servers.
std::unique_ptr<Command> MakeMigrateCommand();

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_BACKUP_MIGRATE_H_
