#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/progress.h"
#include "tools/clustrctl/print/rule_table.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::VerifyAssociationRulesRequest;
using bundles::v1::VerifyAssociationRulesResponse;
using bundles::v1::VerifyVerdict;

void PrintVerdict(const VerifyVerdict& verdict, int64_t basket_count, const Context& context) {
  std::ostream& out = context.out;
  out << WithSeparators(verdict.difference_count()) << " differences\n"
      << WithSeparators(verdict.served_rule_count()) << " rules served, "
      << WithSeparators(verdict.reference_rule_count()) << " by the reference, "
      << WithSeparators(basket_count) << " baskets\n"
      << "digest " << verdict.digest() << '\n'
      << "sales revision " << verdict.sales_revision() << ", catalog revision "
      << verdict.catalog_revision() << '\n';
  if (verdict.differences_size() == 0) return;
  RuleTable table;
  for (const auto& rule : verdict.differences()) table.Add(rule);
  out << '\n';
  table.Print(out, context.width);
}

class VerifyCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    DefineThresholdFlags(flags, request_.mutable_thresholds());
    DefinePopulationFlags(flags, request_.mutable_population());
    DefineRevisionFlags(flags, &request_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl verify [flags]"));
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    grpc::ClientContext call;
    SetTimeout(context.timeout_seconds, &call);
    const auto stream = stub->VerifyAssociationRules(&call, request_);
    VerifyAssociationRulesResponse last;
    {
      Progress progress("baskets read");
      while (stream->Read(&last)) progress.Update(last.baskets_read(), -1);
    }
    CLUSTR_RETURN_IF_ERROR(ServiceError(context.bundles, stream->Finish()));
    if (!last.has_verdict()) {
      return absl::FailedPreconditionError(absl::StrCat("bundles at ", context.bundles.address,
                                                        " ended without a verdict; try again"));
    }
    if (!context.Print(last, "verdict.differences")) {
      PrintVerdict(last.verdict(), last.basket_count(), context);
    }
    return last.verdict().difference_count() == 0 ? ExitCode::kOk : ExitCode::kRowsFailedOrDiffers;
  }

 private:
  VerifyAssociationRulesRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeVerifyCommand() { return std::make_unique<VerifyCommand>(); }

}  // namespace clustr::ctl
