#include "tools/clustrctl/flat/returns/earlier_lines.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
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

// The lines to look for, by their ids in sales.
struct Wanted {
  absl::flat_hash_map<int64_t, uint32_t> customers;  // customer_id to index in the book.
  absl::flat_hash_map<int64_t, uint32_t> products;   // product_sku to index in the book.
  absl::flat_hash_set<ReturnKey> keys;
  absl::flat_hash_set<int64_t> known;  // transaction_id of each order of the book.
};

Wanted WantedOf(const std::vector<ReturnKey>& keys, const OrderBook& book) {
  Wanted wanted;
  for (const ReturnKey& key : keys) {
    wanted.customers[book.customers[key.owner].customer_id] = key.owner;
    wanted.products[book.products[key.product].sku] = key.product;
    wanted.keys.insert(key);
  }
  for (const FlatOrder& order : book.orders) {
    if (order.transaction_id != 0) wanted.known.insert(order.transaction_id);
  }
  for (const FlatOrder& order : book.earlier) wanted.known.insert(order.transaction_id);
  return wanted;
}

FlatOrder WantedLines(const GetTransactionResponse& stored, const Wanted& wanted,
                      uint32_t customer) {
  FlatOrder order;
  order.customer = customer;
  order.day = schema::EpochDayOf(stored.transaction().purchase_date());
  order.transaction_id = stored.transaction().transaction_id();
  for (const Sale& sale : stored.sales()) {
    const auto product = wanted.products.find(sale.product_sku());
    if (product == wanted.products.end()) continue;
    if (!wanted.keys.contains(ReturnKey{false, customer, product->second})) continue;
    FlatLine& line = order.lines.emplace_back();
    line.price_cents = *schema::CentsOf(sale.unit_price());
    line.sale_id = sale.sale_id();
    line.revision = sale.revision();
    line.product = product->second;
    line.quantity = sale.quantity();
    line.registered = sale.returned_quantity();
  }
  return order;
}

}  // namespace

absl::Status LearnEarlierLines(const Context& context, const std::vector<ReturnKey>& keys,
                               OrderBook* book) {
  if (keys.empty()) return absl::OkStatus();
  const Wanted wanted = WantedOf(keys, *book);
  const auto stub = TransactionService::NewStub(context.sales.channel);
  std::vector<std::pair<int64_t, uint32_t>> found;  // Pairs of transaction_id and customer.
  CLUSTR_RETURN_IF_ERROR(
      (ForEachRow<Transaction, ExportTransactionsRequest, ExportTransactionsResponse>(
          context.sales, "",
          [&](auto* rpc, const auto& in) { return stub->ExportTransactions(rpc, in); },
          [&](const Transaction& row) {
            const auto customer = wanted.customers.find(row.customer_id());
            if (customer == wanted.customers.end()) return;
            if (wanted.known.contains(row.transaction_id())) return;
            found.emplace_back(row.transaction_id(), customer->second);
          })));
  absl::Mutex mutex;  // Guards `earlier`.
  return ForEachInParallel("earlier orders", found.size(), [&](size_t i) -> absl::Status {
    GetTransactionRequest request;
    GetTransactionResponse response;
    request.set_transaction_id(found[i].first);
    request.set_include_sales(true);
    const grpc::Status status = CallAgain(*stub, &TransactionService::Stub::GetTransaction,
                                          context.timeout_seconds, request, &response);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) return absl::OkStatus();
    if (!status.ok()) return ServiceError(context.sales, status);
    FlatOrder order = WantedLines(response, wanted, found[i].second);
    if (order.lines.empty()) return absl::OkStatus();
    absl::MutexLock lock(&mutex);
    book->earlier.push_back(std::move(order));
    return absl::OkStatus();
  });
}

}  // namespace clustr::ctl
