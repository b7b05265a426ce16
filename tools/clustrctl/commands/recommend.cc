#include "absl/strings/str_cat.h"
#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/numbers.h"
#include "tools/clustrctl/question_flags.h"
#include "tools/clustrctl/rule_table.h"

namespace clustr::ctl {
namespace {

using bundles::v1::MLBundleRecommendation;
using bundles::v1::RecommendationService;
using bundles::v1::RecommendBundlesRequest;
using bundles::v1::RecommendBundlesResponse;

class RecommendCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Field("customer", &request_, "customer_id", "whose attributes fill the population");
    flags->Field("anchor", &request_, "anchor_skus", "every bundle has this product");
    flags->Field("limit", &request_, "limit", "default 20, at most 500");
    flags->Field("model", &request_, "model_id", "default the active one");
    auto* bounds = request_.mutable_constraints();
    flags->Field("min-items", bounds, "min_items", "products of a bundle, 2 to 5; default 2");
    flags->Field("max-items", bounds, "max_items", "2 to 5; default 4");
    flags->Field("min-support", bounds, "min_support", "0 to 1; default 0.001");
    flags->Field("min-confidence", bounds, "min_confidence", "0 to 1; default 0.1");
    flags->Field("min-count", bounds, "min_count", "baskets with the whole bundle; default 2");
    flags->Field("min-total-price", bounds, "min_total_price", "least sum of the prices");
    flags->Field("max-total-price", bounds, "max_total_price", "greatest sum of the prices");
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
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl recommend [flags]"));
    const auto stub = RecommendationService::NewStub(context.bundles.channel);
    RecommendBundlesResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &RecommendationService::Stub::RecommendBundles,
                                *stub, context.timeout_seconds, request_, &response));
    if (context.json) {
      context.PrintJson(response);
      return ExitCode::kOk;
    }
    TextTable table({{"BUNDLE", Align::kLeft, 72},
                     {"SCORE"},
                     {"PRICE"},
                     {"MARGIN"},
                     {"LIFT"},
                     {"CONFIDENCE"},
                     {"SUPPORT"},
                     {"COUNT"}});
    for (const MLBundleRecommendation& bundle : response.recommendations()) {
      table.Add({DescribeProducts(bundle.bundle(), bundle.product_names(), 0),
                 Ratio(bundle.score()), Money(bundle.total_price()),
                 bundle.has_total_margin() ? Money(bundle.total_margin()) : "",
                 Ratio(bundle.lift()), Percent(bundle.confidence()), Percent(bundle.support()),
                 WithSeparators(bundle.count())});
    }
    table.Print(context.out);
    context.err << response.recommendations_size() << " bundles; "
                << DescribeProvenance(response.provenance()) << '\n';
    return ExitCode::kOk;
  }

 private:
  RecommendBundlesRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeRecommendCommand() { return std::make_unique<RecommendCommand>(); }

}  // namespace clustr::ctl
