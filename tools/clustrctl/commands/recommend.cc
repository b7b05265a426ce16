#include "clustr/bundles/v1/recommendation_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/commands/products/recommend_products.h"
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
  void DefineFlags(FlagSet* flags) override {
    DefineRequestFlags(flags, &request_);
    DefineIntentFlags(flags, &products_);
    flags->Field("basket", &products_, "basket_skus",
                 "a product of the basket; recommends single products instead of bundles, as "
                 "--intent does");
    flags->Switch("all-customers", "recommends products for each customer", &all_customers_);
    flags->Switch("all-products", "recommends products for each product", &all_products_);
    flags->Field("after-id", &many_, "after_id",
                 "with --all-customers or --all-products: only for greater ids, to go on after an "
                 "earlier call");
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl recommend [flags]"));
    if (all_customers_ || all_products_) return RunForMany(context);
    if (many_.after_id() != 0) {
      return absl::InvalidArgumentError(
          "--after-id: is for --all-customers or --all-products; give one of them");
    }
    if (products_.ByteSizeLong() > 0) {
      CLUSTR_RETURN_IF_ERROR(CopyCommonFields(request_, &products_));
      return PrintProducts(products_, context);
    }
    return RunForBundles(context);
  }

 private:
  absl::StatusOr<ExitCode> RunForMany(const Context& context) {
    if (all_customers_ && all_products_) {
      return absl::InvalidArgumentError(
          "--all-customers and --all-products are both given; give one of them");
    }
    CLUSTR_RETURN_IF_ERROR(CopyCommonFields(request_, &products_));
    if (all_customers_) {
      // The attributes in these flags select customers here, not baskets.
      many_.mutable_customers()->Swap(products_.mutable_population());
      many_.set_subjects(bundles::v1::MANY_SUBJECTS_CUSTOMERS);
    } else {
      many_.set_subjects(bundles::v1::MANY_SUBJECTS_PRODUCTS);
    }
    if (many_.customers().ByteSizeLong() == 0) many_.clear_customers();
    if (products_.population().ByteSizeLong() == 0) products_.clear_population();
    *many_.mutable_request() = products_;
    return PrintForMany(many_, context);
  }

  absl::StatusOr<ExitCode> RunForBundles(const Context& context) {
    const auto stub = RecommendationService::NewStub(context.bundles.channel);
    RecommendBundlesResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.bundles, &RecommendationService::Stub::RecommendBundles,
                                *stub, context.timeout_seconds, request_, &response));
    if (context.Print(response, "recommendations")) return ExitCode::kOk;
    BundleTable table;
    for (const auto& bundle : response.recommendations()) table.Add(bundle);
    table.Print(context.out, context.width);
    context.err << Count(response.recommendations_size(), "bundle") << "; "
                << DescribeProvenance(response.provenance()) << '\n';
    PrintIfEmpty(response.provenance(), context.err);
    PrintUnknown(response, context.err);
    PrintShortfalls(response.shortfalls(), context);
    return ExitCode::kOk;
  }

  RecommendBundlesRequest request_;
  bundles::v1::RecommendProductsRequest products_;
  bundles::v1::RecommendForManyRequest many_;
  bool all_customers_ = false;
  bool all_products_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeRecommendCommand() { return std::make_unique<RecommendCommand>(); }

}  // namespace clustr::ctl
