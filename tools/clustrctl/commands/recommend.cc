#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/bundle_table.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/query_flags.h"
#include "tools/clustrctl/recommendation_flags.h"

namespace clustr::ctl {
namespace {

using bundles::v1::RecommendationService;
using bundles::v1::RecommendBundlesRequest;
using bundles::v1::RecommendBundlesResponse;

class RecommendCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override { DefineRequestFlags(flags, &request_); }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl recommend [flags]"));
    const auto stub = RecommendationService::NewStub(context.bundles.channel);
    RecommendBundlesResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &RecommendationService::Stub::RecommendBundles,
                                *stub, context.timeout_seconds, request_, &response));
    if (context.Print(response, "recommendations")) return ExitCode::kOk;
    BundleTable table;
    for (const auto& bundle : response.recommendations()) table.Add(bundle);
    table.Print(context.out, context.width);
    context.err << WithSeparators(response.recommendations_size()) << " bundles; "
                << DescribeProvenance(response.provenance()) << '\n';
    PrintIfEmpty(response.provenance(), context.err);
    PrintUnknown(response, context.err);
    PrintShortfalls(response.shortfalls(), context);
    return ExitCode::kOk;
  }

 private:
  RecommendBundlesRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeRecommendCommand() { return std::make_unique<RecommendCommand>(); }

}  // namespace clustr::ctl
