#include "tools/clustrctl/flat/returns/stored_orders.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/schema/date.h"
#include "common/schema/money.h"
#include "tools/clustrctl/flat/send/parallel_calls.h"
#include "tools/clustrctl/flat/send/row_streams.h"

namespace clustr::ctl {

using sales::v1::ExportTransactionsRequest;
using sales::v1::ExportTransactionsResponse;
using sales::v1::GetTransactionRequest;
using sales::v1::GetTransactionResponse;
using sales::v1::Sale;
using sales::v1::Transaction;
using sales::v1::TransactionService;

namespace {

constexpr size_t kShownExtras = 20;

void Forget(FlatOrder* order) {
  order->transaction_id = 0;
  for (FlatLine& line : order->lines) {
    line.sale_id = 0;
    line.registered = 0;
  }
}

// Why an order differs from the one that is stored under its code; empty if it does not.
std::string WhyDifferent(const Transaction& row, const FlatOrder& order, const OrderBook& book) {
  const std::string date = schema::DateText(order.day);
  if (row.purchase_date() != date) {
    return absl::StrCat("is already stored as transaction ", row.transaction_id(), " on ",
                        row.purchase_date(), ", not on ", date,
                        "; correct one of the dates, or give the order another number");
  }
  if (row.customer_id() != book.customers[order.customer].customer_id) {
    return absl::StrCat("is already stored as transaction ", row.transaction_id(), " of customer ",
                        row.customer_id(), ", not of ",
                        Quoted(book.customer_codes.text(order.customer)),
                        "; correct one of the customers, or give the order another number");
  }
  return "";
}

// The number of the order in the book whose header this is; CodeBook::kNone if there is none.
uint32_t TakeHeader(const Transaction& row, OrderBook* book) {
  const uint32_t number = book->order_codes.Find(row.external_id());
  if (number == CodeBook::kNone) return number;
  FlatOrder& order = book->orders[number];
  if (order.lines.empty() || !order.problem.empty()) return CodeBook::kNone;
  order.problem = WhyDifferent(row, order, *book);
  return order.problem.empty() ? number : CodeBook::kNone;
}

// Marks the line of the order that is stored as `row`; false if the order has no such line.
bool TakeLine(const Sale& row, const OrderBook& book, FlatOrder* order) {
  const int64_t price_cents = *schema::CentsOf(row.unit_price());
  const auto same =
      std::find_if(order->lines.begin(), order->lines.end(), [&](const FlatLine& line) {
        return line.sale_id == 0 && line.quantity == row.quantity() &&
               line.price_cents == price_cents &&
               book.products[line.product].sku == row.product_sku();
      });
  if (same == order->lines.end()) return false;
  same->sale_id = row.sale_id();
  same->revision = row.revision();
  same->registered = row.returned_quantity();
  return true;
}

// Marks an order and its lines as stored. Returns descriptions of stored lines that the book lacks.
std::vector<std::string> TakeOrder(const GetTransactionResponse& row, const std::string& code,
                                   const OrderBook& book, FlatOrder* order) {
  order->transaction_id = row.transaction().transaction_id();
  order->revision = row.transaction().revision();
  order->amount_cents = *schema::CentsOf(row.transaction().transaction_amount());
  order->lines_total_cents = *schema::CentsOf(row.transaction().lines_total());
  std::vector<std::string> extra;
  for (const Sale& sale : row.sales()) {
    if (TakeLine(sale, book, order)) continue;
    extra.push_back(absl::StrCat("order ", code, ", sale ", sale.sale_id(), ": ", sale.quantity(),
                                 " units of product ", sale.product_sku()));
  }
  return extra;
}

}  // namespace

absl::Status LearnStoredOrders(const Context& context, OrderBook* book, StoredOrders* stored) {
  *stored = {};
  for (FlatOrder& order : book->orders) Forget(&order);
  const auto stub = TransactionService::NewStub(context.sales.channel);
  std::vector<std::pair<uint32_t, int64_t>> found;  // Numbers of orders and their transaction_id.
  CLUSTR_RETURN_IF_ERROR(
      (ForEachRow<Transaction, ExportTransactionsRequest, ExportTransactionsResponse>(
          context.sales, "external_id:*",
          [&](auto* rpc, const auto& in) { return stub->ExportTransactions(rpc, in); },
          [&](const Transaction& row) {
            const uint32_t number = TakeHeader(row, book);
            if (number != CodeBook::kNone) found.emplace_back(number, row.transaction_id());
          })));
  absl::Mutex mutex;  // Guards `stored`.
  return ForEachInParallel("stored orders", found.size(), [&](size_t i) -> absl::Status {
    const auto& [number, transaction_id] = found[i];
    GetTransactionRequest request;
    GetTransactionResponse response;
    request.set_transaction_id(transaction_id);
    request.set_include_sales(true);
    const grpc::Status status = CallAgain(*stub, &TransactionService::Stub::GetTransaction,
                                          context.timeout_seconds, request, &response);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) return absl::OkStatus();
    if (!status.ok()) return ServiceError(context.sales, status);
    std::vector<std::string> extra =
        TakeOrder(response, book->order_codes.text(number), *book, &book->orders[number]);
    absl::MutexLock lock(&mutex);
    stored->extra_lines += static_cast<int64_t>(extra.size());
    for (std::string& line : extra) {
      if (stored->extra_shown.size() < kShownExtras) stored->extra_shown.push_back(std::move(line));
    }
    return absl::OkStatus();
  });
}

}  // namespace clustr::ctl
