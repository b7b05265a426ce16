#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/numbers.h"
#include "tools/clustrctl/question_flags.h"
#include "tools/clustrctl/text_table.h"

namespace clustr::ctl {
namespace {

using bundles::v1::ProductRecommendation;
using bundles::v1::RecommendationService;
using bundles::v1::RecommendProductsRequest;
using bundles::v1::RecommendProductsResponse;

class CompleteCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Field("customer", &request_, "customer_id",
                 "whose history stands in for an empty basket");
    flags->Field("limit", &request_, "limit", "default 10, at most 500");
    flags->Field("model", &request_, "model_id", "default the active one");
    auto* bounds = request_.mutable_constraints();
    flags->Field("min-price", bounds, "min_price", "least price");
    flags->Field("max-price", bounds, "max_price", "greatest price");
    flags->Field("min-margin-ratio", bounds, "min_margin_ratio", "least margin / price");
    flags->Field("in-stock-only", bounds, "in_stock_only", "default true");
    flags->Field("category", bounds, "categories", "products of this category only");
    flags->Field("brand", bounds, "brands", "products of this brand only");
    flags->Field("exclude", bounds, "excluded_skus", "never this product");
    DefinePopulationFlags(flags, request_.mutable_population());
    DefineRevisionFlags(flags, &request_);
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    for (const std::string& argument : arguments) {
      CLUSTR_ASSIGN_OR_RETURN(const std::vector<int64_t> skus, ParseSkus(argument));
      request_.mutable_basket_skus()->Add(skus.begin(), skus.end());
    }
    const auto stub = RecommendationService::NewStub(context.bundles.channel);
    RecommendProductsResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &RecommendationService::Stub::RecommendProducts,
                                *stub, context.timeout_seconds, request_, &response));
    if (context.json) {
      context.PrintJson(response);
      return ExitCode::kOk;
    }
    TextTable table({{"SKU"}, {"PRODUCT", Align::kLeft}, {"PRICE"}, {"SCORE"},
                     {"BECAUSE OF", Align::kLeft}});
    for (const ProductRecommendation& product : response.recommendations()) {
      table.Add({absl::StrCat(product.product_sku()), product.product_name(),
                 Money(product.price()), Ratio(product.score()),
                 absl::StrJoin(product.because_skus(), ", ")});
    }
    table.Print(context.out);
    context.err << response.recommendations_size() << " products; "
                << DescribeProvenance(response.provenance()) << '\n';
    return ExitCode::kOk;
  }

 private:
  RecommendProductsRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeCompleteCommand() { return std::make_unique<CompleteCommand>(); }

}  // namespace clustr::ctl
