#include "clustr/sales/v1/analytics_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/query_flags.h"

namespace clustr::ctl {
namespace {

using sales::v1::AnalyticsService;
using sales::v1::GetSalesSummaryRequest;
using sales::v1::GetSalesSummaryResponse;

class SummaryCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override { DefineDayFlags(flags, &request_); }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(arguments, 0, 0, "clustrctl summary [flags]"));
    const auto stub = AnalyticsService::NewStub(context.sales.channel);
    GetSalesSummaryResponse totals;
    CLUSTR_RETURN_IF_ERROR(Call(context.sales, &AnalyticsService::Stub::GetSalesSummary, *stub,
                                context.timeout_seconds, request_, &totals));
    if (context.Print(totals, "")) return ExitCode::kOk;
    TextTable table({{"FIGURE", Align::kLeft}, {"VALUE"}});
    table.Add({"revenue", Money(totals.revenue())});
    table.Add({"transactions", WithSeparators(totals.transaction_count())});
    table.Add({"units", WithSeparators(totals.unit_count())});
    table.Add({"customers", WithSeparators(totals.customer_count())});
    table.Add({"products", WithSeparators(totals.product_count())});
    table.Add({"mean transaction", Money(totals.mean_transaction())});
    table.Add({"smallest transaction", Money(totals.min_transaction())});
    table.Add({"largest transaction", Money(totals.max_transaction())});
    table.Print(context.out, context.width);
    context.err << "sales revision " << totals.revision() << '\n';
    return ExitCode::kOk;
  }

 private:
  GetSalesSummaryRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakeSummaryCommand() { return std::make_unique<SummaryCommand>(); }

}  // namespace clustr::ctl
