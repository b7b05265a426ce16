#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/association_rule_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/rule_table.h"
#include "tools/clustrctl/query_flags.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using bundles::v1::AssociationRuleService;
using bundles::v1::BundleRule;
using bundles::v1::ExplainAssociationRuleRequest;
using bundles::v1::ExplainAssociationRuleResponse;

void PrintMeasures(const BundleRule& rule, const Context& context) {
  const bundles::v1::RuleMeasures& m = rule.measures();
  TextTable table({{"MEASURE", Align::kLeft}, {"VALUE"}});
  table.Add({"lift, lower 95 % bound", Ratio(m.lift_low())});
  table.Add({"lift, upper 95 % bound", Ratio(m.lift_high())});
  table.Add({"leverage", Ratio(m.leverage())});
  table.Add({"conviction", m.has_conviction() ? Ratio(m.conviction()) : "infinite"});
  table.Add({"Zhang's metric", Ratio(m.zhangs_metric())});
  table.Add({"jaccard", Ratio(m.jaccard())});
  table.Add({"certainty", Ratio(m.certainty())});
  table.Add({"kulczynski", Ratio(m.kulczynski())});
  table.Add({"p-value", Ratio(m.p_value())});
  table.Print(context.out, context.width);
}

void PrintExplanation(const ExplainAssociationRuleResponse& response, const Context& context) {
  std::ostream& out = context.out;
  RuleTable rules;
  rules.Add(response.rule());
  rules.Print(out, context.width);
  out << '\n';
  PrintMeasures(response.rule(), context);
  if (response.months_size() > 0) {
    TextTable months({{"MONTH", Align::kLeft}, {"BOTH"}});
    for (const auto& month : response.months()) {
      months.Add({month.month(), WithSeparators(month.count())});
    }
    out << '\n';
    months.Print(out, context.width);
  }
  if (response.example_transaction_ids_size() > 0) {
    out << "\nNewest transactions: " << absl::StrJoin(response.example_transaction_ids(), ", ")
        << '\n';
  }
}

class ExplainCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Field("examples", &request_, "example_count",
                 "number of newest transactions with both sides to list, at most 100; default 0");
    DefinePopulationFlags(flags, request_.mutable_population());
    DefineRevisionFlags(flags, &request_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 2, 2, "clustrctl explain A[,B] C[,D]"));
    CLUSTR_RETURN_IF_ERROR(AddRowNames(arguments[0], "antecedents", &request_));
    CLUSTR_RETURN_IF_ERROR(AddRowNames(arguments[1], "consequents", &request_));
    const auto stub = AssociationRuleService::NewStub(context.bundles.channel);
    ExplainAssociationRuleResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles,
                                &AssociationRuleService::Stub::ExplainAssociationRule, *stub,
                                context.timeout_seconds, request_, &response));
    if (context.Print(response, "")) return ExitCode::kOk;
    PrintExplanation(response, context);
    context.err << DescribeProvenance(response.provenance()) << '\n';
    return ExitCode::kOk;
  }

 private:
  ExplainAssociationRuleRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeExplainCommand() { return std::make_unique<ExplainCommand>(); }

}  // namespace clustr::ctl
