#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/bundle_table.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/rule_table.h"
#include "tools/clustrctl/query_flags.h"
#include "tools/clustrctl/recommendation_flags.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ExplainBundleRequest;
using bundles::v1::ExplainBundleResponse;
using bundles::v1::RecommendationService;

void PrintExplanation(const ExplainBundleResponse& response, const Context& context) {
  std::ostream& out = context.out;
  BundleTable bundle;
  bundle.Add(response.recommendation());
  bundle.Print(out, context.width);
  if (response.rank() > 0) {
    out << "\nRank " << response.rank() << " of the recommendations\n\n";
  } else {
    out << "\nNot recommended, because of "
        << context.WithFlagNames(absl::StrJoin(response.excluded_by(), ", ")) << "\n\n";
  }
  TextTable parts({{"FEATURE", Align::kLeft}, {"VALUE"}, {"ADDS"}});
  for (const auto& part : response.parts()) {
    parts.Add({part.feature(), Ratio(part.value()), Ratio(part.contribution())});
  }
  parts.Add({"bias", "", Ratio(response.bias())});
  parts.Print(out, context.width);
  out << '\n';
  RuleTable rules;
  for (const auto& rule : response.rules()) rules.Add(rule);
  rules.Print(out, context.width);
}

class WhyCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    DefineRequestFlags(flags, request_.mutable_request());
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 1, 1, "clustrctl why A,B[,...]"));
    CLUSTR_RETURN_IF_ERROR(AddRowNames(arguments[0], "bundle", &request_));
    if (request_.bundle_size() + request_.bundle_external_ids_size() < 2) {
      return absl::InvalidArgumentError(absl::StrCat(
          Quoted(arguments[0]), " is one product, and a bundle has at least two; give for example ",
          arguments[0], ",B, or ask `clustrctl why-product ", arguments[0], "`"));
    }
    const auto stub = RecommendationService::NewStub(context.bundles.channel);
    ExplainBundleResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &RecommendationService::Stub::ExplainBundle, *stub,
                                context.timeout_seconds, request_, &response));
    if (context.Print(response, "parts")) return ExitCode::kOk;
    PrintExplanation(response, context);
    PrintUnknown(response, context.err);
    context.err << DescribeProvenance(response.provenance()) << '\n';
    return ExitCode::kOk;
  }

 private:
  ExplainBundleRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeWhyCommand() { return std::make_unique<WhyCommand>(); }

}  // namespace clustr::ctl
