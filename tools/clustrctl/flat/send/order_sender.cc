#include "tools/clustrctl/flat/send/order_sender.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/base/error_reason.h"
#include "common/base/status_macros.h"
#include "common/schema/annotations.h"
#include "common/schema/date.h"
#include "common/schema/money.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tools/clustrctl/flat/send/parallel_calls.h"
#include "tools/clustrctl/retried_write.h"

namespace clustr::ctl {

using sales::v1::CreateSaleRequest;
using sales::v1::CreateSaleResponse;
using sales::v1::DeleteSaleRequest;
using sales::v1::DeleteSaleResponse;
using sales::v1::RecordPurchaseRequest;
using sales::v1::RecordPurchaseResponse;
using sales::v1::Sale;
using sales::v1::SaleService;
using sales::v1::TransactionService;
using sales::v1::UpdateSaleRequest;
using sales::v1::UpdateSaleResponse;
using sales::v1::UpdateTransactionRequest;
using sales::v1::UpdateTransactionResponse;

namespace {

// The maximum number of lines in one RecordPurchase.
size_t MaxLines() {
  static const int max_lines =
      schema::FieldOptions(*RecordPurchaseRequest::descriptor()->FindFieldByNumber(
                               RecordPurchaseRequest::kSalesFieldNumber))
          .max_items();
  return static_cast<size_t>(max_lines);
}

// The detail of type `Detail` in a status; an empty message if there is none.
template <class Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status details;
  Detail found;
  if (!details.ParseFromString(status.error_details())) return found;
  for (const auto& detail : details.details()) {
    if (detail.Is<Detail>()) detail.UnpackTo(&found);
  }
  return found;
}

int64_t TotalCents(const FlatLine& line) {
  return line.price_cents * line.quantity + line.total_offset;
}

void FillSale(const FlatLine& line, const OrderBook& book, Sale* sale) {
  sale->set_product_sku(book.products[line.product].sku);
  sale->set_quantity(line.quantity);
  sale->set_unit_price(schema::AmountOf(line.price_cents));
  if (line.total_offset != 0) sale->set_line_total(schema::AmountOf(TotalCents(line)));
}

void MarkStored(const Sale& sale, FlatLine* line) {
  line->sale_id = sale.sale_id();
  line->revision = sale.revision();
}

}  // namespace

OrderSender::OrderSender(const Context* context, int64_t min_catalog_revision,
                         const FlatColumns* columns, OrderBook* book, Refusals* refusals)
    : context_(*context),
      min_catalog_revision_(min_catalog_revision),
      columns_(*columns),
      book_(*book),
      refusals_(*refusals),
      names_(context, book),
      run_(NewRequestId()),
      transactions_(TransactionService::NewStub(context->sales.channel)),
      lines_(SaleService::NewStub(context->sales.channel)) {}

absl::Status OrderSender::Send(SentOrders* sent) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < book_.orders.size(); ++i) {
    const auto& lines = book_.orders[i].lines;
    const bool missing = std::any_of(lines.begin(), lines.end(),
                                     [](const FlatLine& line) { return line.sale_id == 0; });
    const FlatOrder& order = book_.orders[i];
    const bool differs = order.header_differs || !order.obsolete.empty();
    if (missing || (differs && !lines.empty())) numbers.push_back(i);
  }
  return ForEachInParallel("orders", numbers.size(),
                           [&](size_t i) { return SendOne(numbers[i], sent); });
}

absl::Status OrderSender::SendOne(uint32_t number, SentOrders* sent) {
  FlatOrder& order = book_.orders[number];
  if (!order.problem.empty()) {
    RefuseOrder(&order, columns_.Name(Role::kOrder), order.problem);
    return absl::OkStatus();
  }
  const FlatCustomer& customer = book_.customers[order.customer];
  if (customer.customer_id == 0) {
    RefuseOrder(&order, columns_.Name(Role::kCustomer),
                absl::StrCat("was refused by catalog: ", customer.problem));
    return absl::OkStatus();
  }
  std::erase_if(order.lines, [&](const FlatLine& line) {
    const FlatProduct& product = book_.products[line.product];
    if (product.sku != 0) return false;
    RefuseRow(line, columns_.Name(Role::kProduct),
              absl::StrCat("was refused by catalog: ", product.problem));
    order.keeps_lines = true;
    return true;
  });
  if (order.lines.empty()) return absl::OkStatus();
  return order.transaction_id == 0 ? Record(number, sent) : Extend(&order, sent);
}

absl::Status OrderSender::Record(uint32_t number, SentOrders* sent) {
  FlatOrder& order = book_.orders[number];
  for (int attempt = 1; !order.lines.empty(); ++attempt) {
    RecordPurchaseRequest request;
    RecordPurchaseResponse response;
    auto* header = request.mutable_transaction();
    header->set_external_id(book_.order_codes.text(number));
    header->set_customer_id(book_.customers[order.customer].customer_id);
    header->set_purchase_date(schema::DateText(order.day));
    if (order.channel != CodeBook::kNone) {
      header->set_channel(book_.channels.text(order.channel));
    }
    if (order.payment_type != CodeBook::kNone) {
      header->set_payment_type(book_.payment_types.text(order.payment_type));
    }
    const size_t count = std::min(order.lines.size(), MaxLines());
    for (size_t i = 0; i < count; ++i) FillSale(order.lines[i], book_, request.add_sales());
    request.set_request_id(absl::StrCat(run_, "-", number, "-", attempt));
    request.set_min_catalog_revision(min_catalog_revision_);
    const grpc::Status status = CallAgain(*transactions_, &TransactionService::Stub::RecordPurchase,
                                          context_.timeout_seconds, request, &response);
    if (status.ok()) {
      order.transaction_id = response.transaction().transaction_id();
      order.revision = response.revision();
      for (size_t i = 0; i < count; ++i) MarkStored(response.sales(i), &order.lines[i]);
      ++sent->created;
      sent->lines_created += static_cast<int64_t>(count);
      return AddLines(&order, sent);
    }
    if (ReasonNamed(DetailOf<google::rpc::ErrorInfo>(status).reason()) ==
        common::v1::ERROR_REASON_EXTERNAL_ID_EXISTS) {
      ++sent->conflicts;
      return absl::OkStatus();
    }
    if (!IsRefusal(status)) return ServiceError(context_.sales, status);
    if (!RefuseLines(status, &order)) {
      RefuseOrder(&order, columns_.Name(Role::kOrder), status.error_message());
    }
  }
  return absl::OkStatus();
}

absl::Status OrderSender::Extend(FlatOrder* order, SentOrders* sent) {
  const bool sums_up =
      !order->amount_follows_lines && order->amount_cents == order->lines_total_cents;
  if (sums_up || order->header_differs) {
    int64_t total = order->lines_total_cents;
    for (const ObsoleteLine& obsolete : order->obsolete) total -= obsolete.total_cents;
    for (const FlatLine& line : order->lines) {
      if (line.sale_id == 0) total += TotalCents(line);
    }
    UpdateTransactionRequest request;
    UpdateTransactionResponse response;
    auto* header = request.mutable_transaction();
    header->set_transaction_id(order->transaction_id);
    if (sums_up) {
      header->set_transaction_amount(schema::AmountOf(total));
      request.mutable_update_mask()->add_paths("transaction_amount");
    }
    if (order->header_differs) {
      header->set_purchase_date(schema::DateText(order->day));
      request.mutable_update_mask()->add_paths("purchase_date");
    }
    // A file that names no customer does not make one a guest.
    if (order->header_differs && order->customer != book_.guest) {
      header->set_customer_id(book_.customers[order->customer].customer_id);
      request.mutable_update_mask()->add_paths("customer_id");
    }
    const grpc::Status status =
        CallAgain(*transactions_, &TransactionService::Stub::UpdateTransaction,
                  context_.timeout_seconds, request, &response);
    if (!status.ok() && !IsRefusal(status)) return ServiceError(context_.sales, status);
    if (!status.ok()) {
      RefuseOrder(order, columns_.Name(Role::kOrder), status.error_message());
      return absl::OkStatus();
    }
    order->revision = response.transaction().revision();
  }
  const int64_t before = order->revision;
  bool changed = order->header_differs;
  CLUSTR_RETURN_IF_ERROR(ReplaceLines(order, sent, &changed));
  CLUSTR_RETURN_IF_ERROR(AddLines(order, sent));
  if (order->revision != before || changed) ++sent->updated;
  return absl::OkStatus();
}

// Turns each obsolete line into a line of the same product that is missing, which keeps its
// returned units, or removes it, unless the order keeps its lines.
absl::Status OrderSender::ReplaceLines(FlatOrder* order, SentOrders* sent, bool* changed) {
  for (const ObsoleteLine& obsolete : order->obsolete) {
    const auto line =
        std::find_if(order->lines.begin(), order->lines.end(), [&](const FlatLine& line) {
          return line.sale_id == 0 && book_.products[line.product].sku == obsolete.product_sku;
        });
    grpc::Status status;
    if (line != order->lines.end()) {
      UpdateSaleRequest request;
      UpdateSaleResponse response;
      FillSale(*line, book_, request.mutable_sale());
      request.mutable_sale()->set_sale_id(obsolete.sale_id);
      request.mutable_update_mask()->add_paths("quantity");
      request.mutable_update_mask()->add_paths("unit_price");
      if (line->total_offset != 0) request.mutable_update_mask()->add_paths("line_total");
      status = CallAgain(*lines_, &SaleService::Stub::UpdateSale, context_.timeout_seconds, request,
                         &response);
      if (status.ok()) {
        MarkStored(response.sale(), &*line);
        line->registered = response.sale().returned_quantity();
        ++sent->lines_replaced;
      }
    } else if (!order->keeps_lines) {
      DeleteSaleRequest request;
      DeleteSaleResponse response;
      request.set_sale_id(obsolete.sale_id);
      request.set_allow_missing(true);
      status = CallAgain(*lines_, &SaleService::Stub::DeleteSale, context_.timeout_seconds, request,
                         &response);
      if (status.ok()) ++sent->lines_removed;
      if (status.ok() && obsolete.returned > 0) NoteRemoved(*order, obsolete, sent);
    } else {
      continue;
    }
    if (!status.ok() && !IsRefusal(status)) return ServiceError(context_.sales, status);
    if (!status.ok() && line != order->lines.end()) {
      const auto details = DetailOf<google::rpc::BadRequest>(status);
      RefuseRow(*line, columns_.Name(Role::kQuantity),
                details.field_violations().empty() ? status.error_message()
                                                   : details.field_violations(0).description());
      order->lines.erase(line);
      order->keeps_lines = true;
    }
    *changed = *changed || status.ok();
  }
  order->obsolete.clear();
  return absl::OkStatus();
}

// Notes a removed line of which units were returned.
void OrderSender::NoteRemoved(const FlatOrder& order, const ObsoleteLine& line, SentOrders* sent) {
  const auto number = static_cast<uint32_t>(&order - book_.orders.data());
  const std::string text =
      absl::StrCat("order ", book_.order_codes.text(number), ": ", line.quantity, " of ",
                   names_.Product(line.product_sku), ", ", line.returned, " returned");
  absl::MutexLock lock(&sent->mutex);
  sent->notes.Add(Note::kRemovedReturns, text);
}

absl::Status OrderSender::AddLines(FlatOrder* order, SentOrders* sent) {
  for (size_t i = 0; i < order->lines.size();) {
    FlatLine& line = order->lines[i];
    if (line.sale_id != 0) {
      ++i;
      continue;
    }
    CreateSaleRequest request;
    CreateSaleResponse response;
    FillSale(line, book_, request.mutable_sale());
    request.mutable_sale()->set_transaction_id(order->transaction_id);
    // At most 64 characters, the limit of a request_id.
    request.set_request_id(absl::StrFormat("f%x-%x-%x-%x-%x", order->transaction_id,
                                           order->revision, request.sale().product_sku(),
                                           line.quantity, line.price_cents));
    request.set_min_catalog_revision(min_catalog_revision_);
    const grpc::Status status = CallAgain(*lines_, &SaleService::Stub::CreateSale,
                                          context_.timeout_seconds, request, &response);
    if (status.ok()) {
      MarkStored(response.sale(), &line);
      order->revision = response.sale().revision();
      ++sent->lines_created;
    } else if (IsRefusal(status)) {
      RefuseRow(line, "", status.error_message());
      order->lines.erase(order->lines.begin() + static_cast<ptrdiff_t>(i));
    } else {
      return ServiceError(context_.sales, status);
    }
  }
  return absl::OkStatus();
}

bool OrderSender::RefuseLines(const grpc::Status& status, FlatOrder* order) {
  std::set<size_t> refused;
  const auto details = DetailOf<google::rpc::BadRequest>(status);
  for (const auto& violation : details.field_violations()) {
    absl::string_view path = violation.field();
    size_t place = 0;
    const size_t close = path.find("].");
    if (!absl::ConsumePrefix(&path, "sales[") || close == absl::string_view::npos) continue;
    if (!absl::SimpleAtoi(path.substr(0, path.find(']')), &place)) continue;
    if (place >= order->lines.size() || !refused.insert(place).second) continue;
    RefuseRow(order->lines[place], std::string(path.substr(path.find("].") + 2)),
              violation.description());
  }
  for (auto place = refused.rbegin(); place != refused.rend(); ++place) {
    order->lines.erase(order->lines.begin() + static_cast<ptrdiff_t>(*place));
  }
  return !refused.empty();
}

void OrderSender::RefuseRow(const FlatLine& line, const std::string& field,
                            const std::string& description) {
  refusals_.Add(line.row, field, description);
}

void OrderSender::RefuseOrder(FlatOrder* order, const std::string& field,
                              const std::string& description) {
  std::erase_if(order->lines, [&](const FlatLine& line) {
    if (line.sale_id != 0) return false;
    RefuseRow(line, field, description);
    return true;
  });
}

}  // namespace clustr::ctl
