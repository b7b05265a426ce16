#include "absl/strings/str_cat.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/importing/field_text.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/retried_write.h"

namespace clustr::ctl {
namespace {

using sales::v1::ReturnSaleRequest;
using sales::v1::ReturnSaleResponse;
using sales::v1::SaleService;

class ReturnCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Field("quantity", &request_, "quantity", "number of returned units; default 1");
    flags->Field("request-id", &request_, "request_id",
                 "request_id of an earlier attempt, so that it is registered once; default: a new "
                 "one");
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(
        CheckArgumentCount(arguments, 1, 1, "clustrctl return SALE_ID [--quantity=N]"));
    CLUSTR_ASSIGN_OR_RETURN(const int64_t sale_id, ParseInteger("sale_id", arguments[0], 1));
    request_.set_sale_id(sale_id);
    if (request_.request_id().empty()) request_.set_request_id(NewRequestId());
    const auto stub = SaleService::NewStub(context.sales.channel);
    ReturnSaleResponse response;
    CLUSTR_RETURN_IF_ERROR(CallUntilAvailable(context, &SaleService::Stub::ReturnSale, *stub,
                                              request_, "the units were", "registered", &response));
    if (context.Print(response, "")) return ExitCode::kOk;
    const sales::v1::Sale& line = response.sale();
    context.out << "sale " << line.sale_id() << " of transaction " << line.transaction_id() << ": "
                << WithSeparators(line.returned_quantity()) << " of "
                << WithSeparators(line.quantity()) << " units of product " << line.product_sku()
                << " came back, " << Money(line.net_total()) << " remains, sales revision "
                << line.revision() << (response.replayed() ? " (registered before)" : "") << '\n';
    return ExitCode::kOk;
  }

 private:
  ReturnSaleRequest request_ = [] {
    ReturnSaleRequest request;
    request.set_quantity(1);
    return request;
  }();
};

}  // namespace

std::unique_ptr<Command> MakeReturnCommand() { return std::make_unique<ReturnCommand>(); }

}  // namespace clustr::ctl
