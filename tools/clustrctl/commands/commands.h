#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_COMMANDS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_COMMANDS_H_

#include <memory>
#include <vector>

#include "tools/clustrctl/command.h"

namespace clustr::ctl {

std::unique_ptr<Command> MakeGetCommand();
std::unique_ptr<Command> MakeListCommand();
std::unique_ptr<Command> MakeImportCommand();
std::unique_ptr<Command> MakeExportCommand();
std::unique_ptr<Command> MakeBackupCommand();
std::unique_ptr<Command> MakeRestoreCommand();
std::unique_ptr<Command> MakeGenerateCommand();
std::unique_ptr<Command> MakeRulesCommand();
std::unique_ptr<Command> MakeImportRulesCommand();
std::unique_ptr<Command> MakeRuleSetsCommand();
std::unique_ptr<Command> MakeDeleteRuleSetCommand();
std::unique_ptr<Command> MakeRecommendCommand();
std::unique_ptr<Command> MakeCompleteCommand();
std::unique_ptr<Command> MakeWhyCommand();
std::unique_ptr<Command> MakeWhyProductCommand();
std::unique_ptr<Command> MakeExplainCommand();
std::unique_ptr<Command> MakeVerifyCommand();
std::unique_ptr<Command> MakePopulationsCommand();
std::unique_ptr<Command> MakeModelsCommand();
std::unique_ptr<Command> MakeTrafficCommand();
std::unique_ptr<Command> MakeTrainCommand();
std::unique_ptr<Command> MakeEvaluateCommand();
std::unique_ptr<Command> MakeActivateCommand();
std::unique_ptr<Command> MakePurchaseCommand();
std::unique_ptr<Command> MakeReturnCommand();
std::unique_ptr<Command> MakeEraseCustomerCommand();
std::unique_ptr<Command> MakeTopProductsCommand();
std::unique_ptr<Command> MakeRevenueCommand();
std::unique_ptr<Command> MakeSummaryCommand();
std::unique_ptr<Command> MakeVerifyFiguresCommand();
std::unique_ptr<Command> MakeStatusCommand();
std::unique_ptr<Command> MakeWatchCommand();

// Every command, in the order in which --help lists them.
const std::vector<CommandEntry>& AllCommands();

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_COMMANDS_H_
