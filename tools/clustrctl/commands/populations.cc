#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::ListPopulationValuesRequest;
using bundles::v1::ListPopulationValuesResponse;

class PopulationsCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override { DefineRevisionFlags(flags, &request_); }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl populations [flags]"));
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    ListPopulationValuesResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles,
                                &AssociationRuleService::Stub::ListPopulationValues, *stub,
                                context.timeout_seconds, request_, &response));
    if (context.Print(response, "values")) return ExitCode::kOk;
    TextTable table({{"FIELD", Align::kLeft}, {"VALUE", Align::kLeft}, {"BASKETS"}});
    for (const auto& value : response.values()) {
      table.Add({value.field(), value.value().empty() ? "(unset)" : value.value(),
                 WithSeparators(value.basket_count())});
    }
    table.Print(context.out, context.width);
    context.err << DescribeProvenance(response.provenance()) << '\n';
    return ExitCode::kOk;
  }

 private:
  ListPopulationValuesRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakePopulationsCommand() { return std::make_unique<PopulationsCommand>(); }

}  // namespace clustr::ctl
