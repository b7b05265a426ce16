#include "tools/clustrctl/flat/returns/stored_orders.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "clustr/sales/v1/transaction_service.grpc.pb.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/schema/date.h"
#include "common/schema/money.h"
#include "tools/clustrctl/flat/send/parallel_calls.h"
#include "tools/clustrctl/flat/send/row_streams.h"
#include "tools/clustrctl/flat/send/stored_names.h"

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
constexpr int kLinesInOneStep = 1000;
// Rows so soon after midnight may belong to an order of the day before.
constexpr int32_t kMinutesAfterMidnight = 3 * 60;

void Forget(FlatOrder* order) {
  order->transaction_id = 0;
  order->header_differs = false;
  order->keeps_lines = false;
  order->obsolete.clear();
  for (FlatLine& line : order->lines) {
    line.sale_id = 0;
    line.registered = 0;
  }
}

// What the book needs to know beside its orders.
struct Lookup {
  absl::flat_hash_map<int64_t, uint32_t> customers;  // customer_id to index in the book.
  absl::flat_hash_map<int64_t, uint32_t> products;   // product_sku to index, of returned products.
  // Orders whose number a return has, or names as the one that it takes back.
  absl::flat_hash_set<uint32_t> orders_of_returns;
};

Lookup LookupOf(const OrderBook& book) {
  Lookup lookup;
  if (book.returns.empty()) return lookup;
  for (const FlatReturn& row : book.returns) {
    lookup.orders_of_returns.insert(row.order);
    const int64_t sku = book.products[row.product].sku;
    if (sku != 0) lookup.products[sku] = row.product;
  }
  for (uint32_t i = 0; i < book.customers.size(); ++i) {
    if (book.customers[i].customer_id != 0) lookup.customers[book.customers[i].customer_id] = i;
  }
  return lookup;
}

// Why an order differs from the one that is stored under its code; empty if it does not.
std::string WhyDifferent(const Transaction& row, uint32_t number, const OrderBook& book,
                         StoredNames* names) {
  const FlatOrder& order = book.orders[number];
  const std::string stored =
      row.external_id() == book.order_codes.text(number)
          ? "is already stored with "
          : absl::StrCat("is already stored as ", Quoted(row.external_id()), " with ");
  const std::string date = schema::DateText(order.day);
  if (row.purchase_date() != date) {
    return absl::StrCat(stored, "the day ", row.purchase_date(), ", not ", date,
                        "; correct one of the dates, or give the order another number");
  }
  // An order whose file names no customer may be stored with one.
  if (order.customer != book.guest &&
      row.customer_id() != book.customers[order.customer].customer_id) {
    return absl::StrCat(stored, names->Customer(row.customer_id()), ", not ",
                        Quoted(book.customer_codes.text(order.customer)),
                        "; correct one of the customers, or give the order another number");
  }
  return "";
}

// Whether the order is stored on the day before, and all its rows in the file are from the first
// hours after midnight.
bool BeganTheDayBefore(const Transaction& row, const FlatOrder& order, const OrderBook& book) {
  if (order.first_time == FlatOrder::kNoTime) return false;
  const int32_t day = (order.first_time - (order.first_time < 0 ? 1439 : 0)) / 1440;
  if (row.purchase_date() != schema::DateText(day - 1)) return false;
  const bool same_customer = order.customer == book.guest ||
                             row.customer_id() == book.customers[order.customer].customer_id;
  return same_customer && order.last_time < day * 1440 + kMinutesAfterMidnight;
}

// Takes the stored header of the order with this number in the book. Returns the number if lines of
// the order are to be looked up, or else CodeBook::kNone.
uint32_t TakeHeader(const Transaction& row, uint32_t number, bool replace, const Lookup& lookup,
                    OrderBook* book, StoredNames* names, Notes* notes) {
  FlatOrder& order = book->orders[number];
  if (order.lines.empty()) {
    const bool is_skipped = order.has_cancelled_rows ||
                            order.wanted == RowFilter::Verdict::kDoesNot ||
                            order.came_about == RowFilter::Verdict::kDoesNot;
    if (is_skipped) notes->Add(Note::kSkippedIsStored, row.external_id());
    return lookup.orders_of_returns.contains(number) ? number : CodeBook::kNone;
  }
  if (!order.problem.empty()) return CodeBook::kNone;
  if (BeganTheDayBefore(row, order, *book)) {
    // The file has only what was sold after midnight.
    order.day = schema::EpochDayOf(row.purchase_date());
    order.keeps_lines = true;
    notes->Add(Note::kAfterMidnight, row.external_id());
  }
  const std::string different = WhyDifferent(row, number, *book, names);
  order.header_differs = !different.empty();
  if (different.empty() || replace) return number;
  order.problem = different;
  return CodeBook::kNone;
}

// The order of the book that is stored as `code`, with or without a `#` otherwise than the file
// writes it; CodeBook::kNone if there is none.
uint32_t OrderMeant(const std::string& code, const Lookup& lookup, const OrderBook& book) {
  if (book.orders_are_numbered) return CodeBook::kNone;
  const uint32_t number = book.order_codes.Find(WithOrWithoutHash(code));
  if (number == CodeBook::kNone) return number;
  const bool is_meant =
      !book.orders[number].lines.empty() || lookup.orders_of_returns.contains(number);
  return is_meant ? number : CodeBook::kNone;
}

// Notes a basket that is numbered by its row, and whose number is that of another one.
void NoteOtherBasket(const std::string& code, StoredOrders* stored) {
  ++stored->other_baskets;
  if (stored->other_basket.empty() || code < stored->other_basket) stored->other_basket = code;
}

// Marks the line of the order that is stored as `row`; false if the order has no such line.
bool TakeLine(const Sale& row, const OrderBook& book, FlatOrder* order) {
  const int64_t price_cents = *schema::CentsOf(row.unit_price());
  const int64_t total_cents = *schema::CentsOf(row.line_total());
  const auto same =
      std::find_if(order->lines.begin(), order->lines.end(), [&](const FlatLine& line) {
        return line.sale_id == 0 && line.quantity == row.quantity() &&
               line.price_cents == price_cents &&
               (!book.has_totals ||
                price_cents * line.quantity + line.total_offset == total_cents) &&
               book.products[line.product].sku == row.product_sku();
      });
  if (same == order->lines.end()) return false;
  same->sale_id = row.sale_id();
  same->revision = row.revision();
  same->registered = row.returned_quantity();
  return true;
}

// The lines of a stored order that the book lacks and that its returns may be matched with.
FlatOrder ReturnableOrder(const GetTransactionResponse& row, uint32_t number,
                          const std::vector<const Sale*>& sales, const Lookup& lookup) {
  FlatOrder order;
  order.same_as = number;
  order.transaction_id = row.transaction().transaction_id();
  order.day = schema::EpochDayOf(row.transaction().purchase_date());
  const auto customer = lookup.customers.find(row.transaction().customer_id());
  if (customer != lookup.customers.end()) order.customer = customer->second;
  for (const Sale* sale : sales) {
    const auto product = lookup.products.find(sale->product_sku());
    if (product == lookup.products.end()) continue;
    FlatLine& line = order.lines.emplace_back();
    line.price_cents = *schema::CentsOf(sale->unit_price());
    line.sale_id = sale->sale_id();
    line.revision = sale->revision();
    line.product = product->second;
    line.quantity = sale->quantity();
    line.registered = sale->returned_quantity();
  }
  return order;
}

// Marks an order and its lines as stored. Returns stored lines that the book lacks.
std::vector<const Sale*> TakeOrder(const GetTransactionResponse& row, const OrderBook& book,
                                   FlatOrder* order) {
  order->transaction_id = row.transaction().transaction_id();
  order->revision = row.transaction().revision();
  order->amount_cents = *schema::CentsOf(row.transaction().transaction_amount());
  order->amount_follows_lines = row.transaction().amount_follows_lines();
  order->lines_total_cents = *schema::CentsOf(row.transaction().lines_total());
  std::vector<const Sale*> extra;
  for (const Sale& sale : row.sales()) {
    if (!TakeLine(sale, book, order)) extra.push_back(&sale);
  }
  return extra;
}

// Marks an order of the guest and its lines as stored, but only if the file has all lines of the
// stored order: one with or without a `#` may also be that of a till or another shop.
bool TakeSameOrder(const GetTransactionResponse& row, const OrderBook& book, FlatOrder* order) {
  FlatOrder taken = *order;
  if (row.sales().empty() || !TakeOrder(row, book, &taken).empty()) return false;
  *order = std::move(taken);
  return true;
}

// Takes those of the stored lines out of `extra` that the file corrects or, unless the order keeps
// its lines, lacks, and makes them obsolete, the former first.
void MakeObsolete(const OrderBook& book, std::vector<const Sale*>* extra, FlatOrder* order) {
  absl::flat_hash_map<int64_t, int64_t> missing;  // Lines that are not stored, by product_sku.
  for (const FlatLine& line : order->lines) {
    if (line.sale_id == 0) ++missing[book.products[line.product].sku];
  }
  std::vector<ObsoleteLine> removed;
  std::erase_if(*extra, [&](const Sale* sale) {
    int64_t& lines = missing[sale->product_sku()];
    if (lines == 0 && order->keeps_lines) return false;
    (lines > 0 ? order->obsolete : removed)
        .push_back({sale->sale_id(), sale->product_sku(), *schema::CentsOf(sale->line_total()),
                    sale->quantity(), sale->returned_quantity()});
    lines = std::max<int64_t>(0, lines - 1);
    return true;
  });
  order->obsolete.insert(order->obsolete.end(), removed.begin(), removed.end());
}

// Takes those of the stored lines out of `extra` of which units were cancelled since they were
// stored, as the file says, and makes them obsolete.
void CorrectCancelled(const OrderBook& book, std::vector<const Sale*>* extra, FlatOrder* order) {
  if (book.cancelled_units.empty()) return;
  absl::flat_hash_set<uint32_t> corrected;  // Rows.
  std::erase_if(*extra, [&](const Sale* sale) {
    const int64_t price_cents = *schema::CentsOf(sale->unit_price());
    const auto line =
        std::find_if(order->lines.begin(), order->lines.end(), [&](const FlatLine& line) {
          const auto cancelled = book.cancelled_units.find(line.row);
          return line.sale_id == 0 && cancelled != book.cancelled_units.end() &&
                 !corrected.contains(line.row) && line.price_cents == price_cents &&
                 line.quantity + cancelled->second == sale->quantity() &&
                 book.products[line.product].sku == sale->product_sku();
        });
    if (line == order->lines.end()) return false;
    corrected.insert(line->row);
    order->keeps_lines = true;
    order->obsolete.push_back({sale->sale_id(), sale->product_sku(),
                               *schema::CentsOf(sale->line_total()), sale->quantity(),
                               sale->returned_quantity()});
    return true;
  });
}

std::string ExtraText(const std::string& code, const Sale& sale, StoredNames* names) {
  return absl::StrCat("order ", code, ", sale ", sale.sale_id(), ": ", sale.quantity(),
                      sale.quantity() == 1 ? " unit of " : " units of ",
                      names->Product(sale.product_sku()));
}

}  // namespace

absl::Status LearnStoredOrders(const Context& context, bool replace, OrderBook* book,
                               StoredOrders* stored) {
  *stored = {};
  book->earlier.clear();
  for (FlatOrder& order : book->orders) Forget(&order);
  const Lookup lookup = LookupOf(*book);
  StoredNames names(&context, book);
  const auto stub = TransactionService::NewStub(context.sales.channel);
  struct Found {
    uint32_t number = 0;
    int64_t transaction_id = 0;
    std::string other_code;  // As it is stored, if it has purchases and is stored otherwise.
  };
  std::vector<Found> found;
  absl::flat_hash_set<uint32_t> known;                  // Numbers that have a stored header.
  std::vector<std::pair<uint32_t, Transaction>> meant;  // Headers with a `#` more or less.
  const auto take = [&](const Transaction& row, uint32_t number) {
    known.insert(number);
    const uint32_t taken = TakeHeader(row, number, replace, lookup, book, &names, &stored->notes);
    if (taken != CodeBook::kNone) found.push_back({taken, row.transaction_id(), ""});
    if (taken == CodeBook::kNone && book->orders_are_numbered) {
      NoteOtherBasket(row.external_id(), stored);
    }
  };
  const auto both_codes = [&](uint32_t number, const std::string& other) {
    return absl::StrCat(book->order_codes.text(number), " (stored as ", other, ")");
  };
  CLUSTR_RETURN_IF_ERROR(
      (ForEachRow<Transaction, ExportTransactionsRequest, ExportTransactionsResponse>(
          context.sales, "external_id:*",
          [&](auto* rpc, const auto& in) { return stub->ExportTransactions(rpc, in); },
          [&](const Transaction& row) {
            const uint32_t number = book->order_codes.Find(row.external_id());
            if (number != CodeBook::kNone) {
              take(row, number);
              return;
            }
            const uint32_t other = OrderMeant(row.external_id(), lookup, *book);
            if (other != CodeBook::kNone) meant.emplace_back(other, row);
          })));
  for (const auto& [number, row] : meant) {
    if (known.contains(number)) continue;
    const FlatOrder& order = book->orders[number];
    if (order.lines.empty()) {
      take(row, number);
    } else if (order.problem.empty()) {
      if (WhyDifferent(row, number, *book, &names).empty()) {
        known.insert(number);
        found.push_back({number, row.transaction_id(), row.external_id()});
      } else {
        stored->notes.Add(Note::kHashOfAnother, both_codes(number, row.external_id()));
      }
    }
  }
  absl::Mutex mutex;  // Guards `stored` and OrderBook::earlier.
  return ForEachInParallel("stored orders", found.size(), [&](size_t i) -> absl::Status {
    const auto& [number, transaction_id, other_code] = found[i];
    GetTransactionRequest request;
    GetTransactionResponse response;
    request.set_transaction_id(transaction_id);
    request.set_include_sales(true);
    const grpc::Status status = CallAgain(*stub, &TransactionService::Stub::GetTransaction,
                                          context.timeout_seconds, request, &response);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) return absl::OkStatus();
    if (!status.ok()) return ServiceError(context.sales, status);
    FlatOrder& order = book->orders[number];
    if (!other_code.empty()) {
      // The same person, day and number are the same order, even if its lines were corrected.
      const bool names_customer = order.customer != book->guest;
      const bool is_same = names_customer || TakeSameOrder(response, *book, &order);
      absl::MutexLock lock(&mutex);
      stored->notes.Add(is_same ? Note::kOtherHash : Note::kHashOfAnother,
                        both_codes(number, other_code));
      if (!names_customer) return absl::OkStatus();
    }
    const bool only_returns = order.lines.empty();
    std::vector<const Sale*> extra;
    if (only_returns) {
      for (const Sale& sale : response.sales()) extra.push_back(&sale);
    } else {
      extra = TakeOrder(response, *book, &order);
    }
    if (!replace && book->orders_are_numbered) {
      // The lines of a large order are stored one by one, and some may not be yet.
      const bool lacks = response.sales_size() < kLinesInOneStep &&
                         std::any_of(order.lines.begin(), order.lines.end(),
                                     [](const FlatLine& line) { return line.sale_id == 0; });
      absl::MutexLock lock(&mutex);
      if (lacks || !extra.empty()) NoteOtherBasket(book->order_codes.text(number), stored);
    }
    if (!replace && !only_returns) CorrectCancelled(*book, &extra, &order);
    if (replace && !only_returns) {
      order.keeps_lines = order.keeps_lines || order.has_refused_rows || book->has_lost_rows;
      MakeObsolete(*book, &extra, &order);
    }
    if (extra.empty()) return absl::OkStatus();
    FlatOrder returnable = ReturnableOrder(response, number, extra, lookup);
    absl::MutexLock lock(&mutex);
    if (!returnable.lines.empty()) book->earlier.push_back(std::move(returnable));
    if (only_returns) return absl::OkStatus();
    stored->extra_lines += static_cast<int64_t>(extra.size());
    for (const Sale* sale : extra) {
      if (stored->extra_shown.size() == kShownExtras) break;
      stored->extra_shown.push_back(ExtraText(book->order_codes.text(number), *sale, &names));
    }
    return absl::OkStatus();
  });
}

}  // namespace clustr::ctl
