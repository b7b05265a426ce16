#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_ROW_TABLE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_ROW_TABLE_H_

#include <vector>

#include "tools/clustrctl/command.h"
#include "tools/clustrctl/commands/rows/kinds.h"

namespace clustr::ctl {

// Prints rows of one type as a table, with a column for each field that is set in one of them;
// nothing if there are none. On a terminal that is too narrow, the last columns are left out,
// except for the first one and external_id, and named on stderr.
void PrintRows(const std::vector<MessagePtr>& rows, const Context& context);

// Prints one row as a table of the fields that are set.
void PrintRow(const google::protobuf::Message& row, const Context& context);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_ROW_TABLE_H_
