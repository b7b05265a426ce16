#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/base/status_macros.h"
#include "common/importing/field_text.h"
#include "tools/clustrctl/commands/commands.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/row_id.h"
#include "tools/clustrctl/print/text_table.h"
#include "tools/clustrctl/retried_write.h"
#include "tools/clustrctl/row_names.h"

namespace clustr::ctl {
namespace {

using sales::v1::RecordPurchaseRequest;
using sales::v1::RecordPurchaseResponse;
using sales::v1::Sale;
using sales::v1::TransactionService;

constexpr size_t kMaxLines = 1000;

std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return absl::StrFormat("%04d-%02d-%02d", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

// Reads `SKU[:QUANTITY[:UNIT_PRICE]]`, where SKU is an id or an external_id.
absl::Status ParseLine(const std::string& text, Sale* sale) {
  const size_t first = text.find(':');
  const size_t second = first == std::string::npos ? first : text.find(':', first + 1);
  const std::string_view view = text;
  const auto& sku = *Sale::descriptor()->FindFieldByNumber(Sale::kProductSkuFieldNumber);
  if (const std::string why = SetRowName(view.substr(0, first), sku, sale); !why.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("product_sku: ", why, "; a line is SKU[:QUANTITY[:UNIT_PRICE]]"));
  }
  sale->set_quantity(1);
  if (first == std::string::npos) return absl::OkStatus();
  const auto& quantity = *Sale::descriptor()->FindFieldByNumber(Sale::kQuantityFieldNumber);
  const auto& unit_price = *Sale::descriptor()->FindFieldByNumber(Sale::kUnitPriceFieldNumber);
  std::string why;
  if (!importing::SetFieldFromText(view.substr(first + 1, second - first - 1), quantity, sale,
                                   &why) ||
      (second != std::string::npos &&
       !importing::SetFieldFromText(view.substr(second + 1), unit_price, sale, &why))) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": ", why, "; a line is SKU[:QUANTITY[:UNIT_PRICE]]"));
  }
  return absl::OkStatus();
}

class PurchaseCommand : public Command {
 public:
  void DefineFlags(FlagSet* flags) override {
    auto* header = request_.mutable_transaction();
    flags->Field("customer", header, "customer_id", "customer who buys; required");
    flags->Field("external-id", header, "external_id",
                 "what the shop calls the purchase, for example its receipt number");
    flags->Field("date", header, "purchase_date", "day of the purchase, YYYY-MM-DD; default today");
    flags->Field("channel", header, "channel", "sales channel, for example Store");
    flags->Field("payment-type", header, "payment_type", "payment type, for example Cash");
    flags->Field(
        "request-id", &request_, "request_id",
        "request_id of an earlier attempt, so that it is recorded once; default: a new one");
    flags->Field("validate-only", &request_, "validate_only",
                 "checks everything and records nothing");
    flags->Field("min-catalog-revision", &request_, "min_catalog_revision",
                 "waits until sales has applied this catalog revision");
  }

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments,
                               const Context& context) override {
    CLUSTR_RETURN_IF_ERROR(CheckArgumentCount(
        arguments, 1, kMaxLines, "clustrctl purchase --customer=ID SKU[:QUANTITY]..."));
    if (request_.transaction().customer_id() == 0 &&
        !request_.transaction().has_customer_external_id()) {
      return absl::InvalidArgumentError("--customer is missing; give --customer=ID");
    }
    for (const std::string& argument : arguments) {
      CLUSTR_RETURN_IF_ERROR(ParseLine(argument, request_.add_sales()));
    }
    if (request_.transaction().purchase_date().empty()) {
      request_.mutable_transaction()->set_purchase_date(Today());
    }
    if (request_.request_id().empty()) request_.set_request_id(NewRequestId());
    const auto stub = TransactionService::NewStub(context.sales.channel);
    RecordPurchaseResponse response;
    CLUSTR_RETURN_IF_ERROR(CallUntilAvailable(context, &TransactionService::Stub::RecordPurchase,
                                              *stub, request_, "the purchase was", "recorded",
                                              &response));
    if (!context.Print(response, "sales")) Print(response, context);
    return ExitCode::kOk;
  }

 private:
  void Print(const RecordPurchaseResponse& response, const Context& context) const {
    const bool recorded = !request_.validate_only();
    TextTable table({{"SALE"}, {"SKU"}, {"QUANTITY"}, {"UNIT PRICE"}, {"TOTAL"}});
    for (const Sale& sale : response.sales()) {
      table.Add({recorded ? RowId(sale.sale_id(), sale.external_id()) : "",
                 RowId(sale.product_sku(), sale.product_external_id()),
                 WithSeparators(sale.quantity()), Money(sale.unit_price()),
                 Money(sale.line_total())});
    }
    table.Print(context.out, context.width);
    const auto& header = response.transaction();
    if (!recorded) {
      context.out << "purchase of " << header.purchase_date() << ", amount "
                  << Money(header.transaction_amount())
                  << ": validated only, nothing was recorded\n";
      return;
    }
    context.out << "transaction " << RowId(header.transaction_id(), header.external_id()) << " of "
                << header.purchase_date() << ", amount " << Money(header.transaction_amount())
                << ", sales revision " << response.revision()
                << (response.replayed() ? " (recorded before)" : "") << '\n';
  }

  RecordPurchaseRequest request_;
};

}  // namespace

std::unique_ptr<Command> MakePurchaseCommand() { return std::make_unique<PurchaseCommand>(); }

}  // namespace clustr::ctl
