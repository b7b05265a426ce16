#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/row_id.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/query_flags.h"
#include "tools/clustrctl/recommendation_flags.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ProductRecommendation;
using bundles::v1::RecommendationService;
using bundles::v1::RecommendProductsRequest;
using bundles::v1::RecommendProductsResponse;

class CompleteCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override { DefineRequestFlags(flags, &request_); }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    for (const std::string& argument : arguments) {
      CLUSTR_RETURN_IF_ERROR(AddRowNames(argument, "basket_skus", &request_));
    }
    const auto stub = RecommendationService::NewStub(context.bundles.channel);
    RecommendProductsResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &RecommendationService::Stub::RecommendProducts,
                                *stub, context.timeout_seconds, request_, &response));
    if (context.Print(response, "recommendations")) return ExitCode::kOk;
    TextTable table(
        {{"SKU"}, {"PRODUCT", Align::kLeft}, {"PRICE"}, {"SCORE"}, {"BECAUSE OF", Align::kLeft}});
    for (const ProductRecommendation& product : response.recommendations()) {
      std::vector<std::string> because;
      for (int i = 0; i < product.because_skus_size(); ++i) {
        // A server of an earlier version does not send external_ids.
        because.push_back(RowId(product.because_skus(i), i < product.because_external_ids_size()
                                                             ? product.because_external_ids(i)
                                                             : ""));
      }
      table.Add({RowId(product.product_sku(), product.external_id()), product.product_name(),
                 Money(product.price()), Ratio(product.score()), absl::StrJoin(because, ", ")});
    }
    table.Print(context.out, context.width);
    context.err << WithSeparators(response.recommendations_size()) << " products; "
                << DescribeProvenance(response.provenance()) << '\n';
    PrintUnknown(response, context.err);
    PrintShortfalls(response.shortfalls(), context);
    return ExitCode::kOk;
  }

 private:
  RecommendProductsRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeCompleteCommand() { return std::make_unique<CompleteCommand>(); }

}  // namespace clustr::ctl
