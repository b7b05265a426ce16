#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/sales/v1/sale_service.grpc.pb.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/importing/field_text.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/row_id.h"
#include "tools/clustrctl/retried_write.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using sales::v1::GetTransactionRequest;
using sales::v1::GetTransactionResponse;
using sales::v1::ReturnSaleRequest;
using sales::v1::ReturnSaleResponse;
using sales::v1::Sale;
using sales::v1::SaleService;
using sales::v1::TransactionService;

class ReturnCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    flags->Text("transaction", "ID",
                "instead of SALE_ID: the transaction, by its id or the shop's own order number",
                &transaction_);
    flags->Text("product", "SKU",
                "with --transaction: the product, by its id or the shop's own code", &product_);
    flags->Field("quantity", &request_, "quantity", "number of returned units; default 1");
    flags->Field("request-id", &request_, "request_id",
                 "request_id of an earlier attempt, so that it is registered once; default: a new "
                 "one");
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    if (transaction_.empty() != product_.empty()) {
      return absl::InvalidArgumentError(
          "--transaction and --product together name a sale; give both, or SALE_ID instead");
    }
    if (!transaction_.empty()) {
      CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(
          arguments, 0, 0, "clustrctl return --transaction=ID --product=SKU [--quantity=N]"));
      CLUSTR_RETURN_IF_ERROR(FindSale(context));
    } else {
      CLUSTR_RETURN_IF_ERROR(
          CheckArgumentCount(arguments, 1, 1,
                             "clustrctl return SALE_ID [--quantity=N], or return --transaction=ID "
                             "--product=SKU [--quantity=N]"));
      const auto& id = *ReturnSaleRequest::descriptor()->FindFieldByNumber(
          ReturnSaleRequest::kSaleIdFieldNumber);
      if (const std::string why = SetRowName(arguments[0], id, &request_); !why.empty()) {
        return absl::InvalidArgumentError("sale_id: " + why);
      }
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
  // Sets sale_id to the only line of the transaction that has the product.
  absl::Status FindSale(const Context& context) {
    GetTransactionRequest request;
    const auto& id = *GetTransactionRequest::descriptor()->FindFieldByNumber(
        GetTransactionRequest::kTransactionIdFieldNumber);
    if (const std::string why = SetRowName(transaction_, id, &request); !why.empty()) {
      return absl::InvalidArgumentError("--transaction: " + why);
    }
    Sale wanted;
    const auto& sku = *Sale::descriptor()->FindFieldByNumber(Sale::kProductSkuFieldNumber);
    if (const std::string why = SetRowName(product_, sku, &wanted); !why.empty()) {
      return absl::InvalidArgumentError("--product: " + why);
    }
    request.set_include_sales(true);
    grpc::ClientContext call;
    SetTimeout(context.timeout_seconds, &call);
    GetTransactionResponse order;
    const auto stub = TransactionService::NewStub(context.sales.channel);
    CLUSTR_RETURN_IF_ERROR(
        ServiceError(context.sales, stub->GetTransaction(&call, request, &order)));
    std::vector<std::string> found;
    for (const Sale& line : order.sales()) {
      const bool has_product = wanted.product_sku() != 0
                                   ? line.product_sku() == wanted.product_sku()
                                   : line.product_external_id() == wanted.product_external_id();
      if (!has_product) continue;
      request_.set_sale_id(line.sale_id());
      found.push_back(absl::StrCat(line.sale_id(), " (", WithSeparators(line.returned_quantity()),
                                   " of ", WithSeparators(line.quantity()), " units returned)"));
    }
    if (found.size() == 1) return absl::OkStatus();
    if (found.empty()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "--product: transaction ", transaction_, " has no line of product ", product_,
          "; `clustrctl get transaction ", transaction_, " --output=json` shows the order"));
    }
    return absl::FailedPreconditionError(absl::StrCat(
        "--product: transaction ", transaction_, " has ", found.size(), " lines of product ",
        product_, ", the sales ", absl::StrJoin(found, " and "), "; give one of these as SALE_ID"));
  }

  std::string transaction_;
  std::string product_;
  ReturnSaleRequest request_ = [] {
    ReturnSaleRequest request;
    request.set_quantity(1);
    return request;
  }();
};

}  // namespace

std::unique_ptr<Command> MakeReturnCommand() { return std::make_unique<ReturnCommand>(); }

}  // namespace clustr::ctl
