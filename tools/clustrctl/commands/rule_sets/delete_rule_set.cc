#include <memory>
#include <string>
#include <vector>

#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::DeleteRuleSetRequest;
using bundles::v1::DeleteRuleSetResponse;

class DeleteRuleSetCommand : public Command {
 public:
  void DefineFlags(FlagSet*) override {}

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl delete-rule-set NAME"));
    DeleteRuleSetRequest request;
    request.set_name(arguments[0]);
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    DeleteRuleSetResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &AssociationRuleService::Stub::DeleteRuleSet,
                                *stub, context.timeout_seconds, request, &response));
    if (!context.Print(response, "rule_set")) {
      context.out << response.rule_set().name() << " with "
                  << WithSeparators(response.rule_set().rule_count()) << " rules is deleted\n";
    }
    return ExitCode::kOk;
  }
};

}  // namespace

std::unique_ptr<Command> MakeDeleteRuleSetCommand() {
  return std::make_unique<DeleteRuleSetCommand>();
}

}  // namespace clustr::ctl
