#include "absl/strings/str_cat.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/importing/field_text.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/row_id.h"
#include "tools/clustrctl/retried_write.h"
#include "tools/clustrctl/row_names.h"

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
    const auto& id =
        *ReturnSaleRequest::descriptor()->FindFieldByNumber(ReturnSaleRequest::kSaleIdFieldNumber);
    if (const std::string why = SetRowName(arguments[0], id, &request_); !why.empty()) {
      return absl::InvalidArgumentError("sale_id: " + why);
    }
    if (request_.request_id().empty()) request_.set_request_id(NewRequestId());
    const auto stub = SaleService::NewStub(context.sales.channel);
    ReturnSaleResponse response;
    CLUSTR_RETURN_IF_ERROR(CallUntilAvailable(context, &SaleService::Stub::ReturnSale, *stub,
                                              request_, "the units were", "registered", &response));
    if (context.Print(response, "")) return ExitCode::kOk;
    const sales::v1::Sale& line = response.sale();
    context.out << "sale " << RowId(line.sale_id(), line.external_id()) << " of transaction "
                << RowId(line.transaction_id(), line.transaction_external_id()) << ": "
                << WithSeparators(line.returned_quantity()) << " of "
                << WithSeparators(line.quantity()) << " units of product "
                << RowId(line.product_sku(), line.product_external_id()) << " came back, "
                << Money(line.net_total()) << " remains, sales revision " << line.revision()
                << (response.replayed() ? " (registered before)" : "") << '\n';
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
