#include "absl/strings/str_cat.h"
#include "clustr/sales/v1/analytics_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/row_id.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

using sales::v1::AnalyticsService;
using sales::v1::ListTopProductsRequest;
using sales::v1::ListTopProductsResponse;

class TopProductsCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Field("limit", &request_, "limit", "number of products, at most 1,000; default 10");
    DefineDayFlags(flags, &request_);
    flags->Field("min-catalog-revision", &request_, "min_catalog_revision",
                 "waits until sales has applied this catalog revision");
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl top-products [flags]"));
    const auto stub = AnalyticsService::NewStub(context.sales.channel);
    ListTopProductsResponse response;
    CLUSTR_RETURN_IF_ERROR(Call(context.sales, &AnalyticsService::Stub::ListTopProducts, *stub,
                                context.timeout_seconds, request_, &response));
    if (context.Print(response, "top_products")) return ExitCode::kOk;
    TextTable table({{"SKU"}, {"PRODUCT", Align::kLeft}, {"REVENUE"}, {"UNITS"}});
    for (const sales::v1::TopProduct& product : response.top_products()) {
      table.Add({RowId(product.product_sku(), product.external_id()), product.product_name(),
                 Money(product.revenue()), WithSeparators(product.unit_count())});
    }
    table.Print(context.out, context.width);
    context.err << Count(response.top_products_size(), "product") << "; sales revision "
                << response.revision() << ", catalog revision " << response.catalog_revision()
                << '\n';
    return ExitCode::kOk;
  }

 private:
  ListTopProductsRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeTopProductsCommand() { return std::make_unique<TopProductsCommand>(); }

}  // namespace clustr::ctl
