#include "tools/clustrctl/flat/rows/book_completion.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/rows/doubtful_orders.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/days/code_date.h"

namespace clustr::ctl {
namespace {

void RefuseOrder(const std::string& column, const std::string& why, FlatOrder* order,
                 Refusals* refusals) {
  for (const FlatLine& line : order->lines) refusals->Add(line.row, column, why);
  order->lines.clear();
  order->has_refused_rows = true;
}

// Leaves out lines without a price whose product and units are those of a line with one.
void MergePairs(OrderBook& book) {
  for (FlatOrder& order : book.orders) {
    absl::flat_hash_map<std::pair<uint32_t, int32_t>, int> priced;  // By product and quantity.
    for (const FlatLine& line : order.lines) {
      if (line.price_cents != 0) ++priced[{line.product, line.quantity}];
    }
    std::erase_if(order.lines, [&](const FlatLine& line) {
      if (line.price_cents != 0) return false;
      const auto pair = priced.find({line.product, line.quantity});
      if (pair == priced.end() || pair->second == 0) return false;
      --pair->second;
      ++book.part_rows;
      book.notes.Add(Note::kPartOfItem, absl::StrCat("row ", line.row));
      std::erase_if(book.returns, [&](const FlatReturn& given) {
        return given.is_of_line && given.row == line.row;
      });
      return true;
    });
  }
}

// A return without a day or customer has those of its order. The original order may be named with
// or without a `#`.
void CompleteReturns(OrderBook& book) {
  for (FlatReturn& given : book.returns) {
    if (given.names_original && book.orders[given.order].lines.empty()) {
      const std::string other = WithOrWithoutHash(book.order_codes.text(given.order));
      const uint32_t number = book.order_codes.Find(other);
      if (number != CodeBook::kNone && !book.orders[number].lines.empty()) given.order = number;
    }
    const FlatOrder& order = book.orders[given.order];
    if (given.day == FlatReturn::kNoDay && order.has_day) given.day = order.day;
    if (given.customer == CodeBook::kNone) given.customer = order.customer;
  }
}

// A return without a product code is of the product that was purchased with its name, if it is one.
void FindReturnedProducts(OrderBook& book) {
  absl::flat_hash_map<uint32_t, uint32_t> products;  // By their names; kNone if several have it.
  for (FlatReturn& given : book.returns) {
    if (!given.has_only_a_name || book.products[given.product].first_row != 0) continue;
    for (uint32_t i = 0; products.empty() && i < book.products.size(); ++i) {
      for (const auto& [name, rows] : book.products[i].names) {
        const auto [known, is_new] = products.emplace(name, i);
        if (!is_new) known->second = CodeBook::kNone;
      }
    }
    const auto found = products.find(book.names.Find(book.product_codes.text(given.product)));
    if (found != products.end() && found->second != CodeBook::kNone) given.product = found->second;
  }
}

// Sets first rows and latest prices. A product or customer without a line is not imported.
void CompleteCatalog(OrderBook& book) {
  const auto first = [](uint32_t row, uint32_t* first_row) {
    if (*first_row == 0 || row < *first_row) *first_row = row;
  };
  for (const FlatOrder& order : book.orders) {
    for (const FlatLine& line : order.lines) {
      FlatProduct& product = book.products[line.product];
      first(line.row, &product.first_row);
      if (order.customer != CodeBook::kNone) {
        first(line.row, &book.customers[order.customer].first_row);
      }
      if (line.price_cents == 0) continue;
      if (std::pair(order.day, line.row) < std::pair(product.price_day, product.price_row))
        continue;
      product.price_cents = line.price_cents;
      product.price_day = order.day;
      product.price_row = line.row;
    }
  }
}

// The codes of a book that a spreadsheet seems to have turned into dates, and why they are refused.
struct DateCodes {
  std::vector<bool> are_dates;  // By the numbers of the codes.
  bool any = false;
  std::string example;  // A code of which a spreadsheet might have made a date; empty if none.

  // `is_name` says of a number whether the code is a description that stands in for a code.
  template <class IsName>
  DateCodes(const CodeBook& codes, IsName is_name) : are_dates(codes.size()) {
    std::string marks;  // Between three numbers that are no date: so codes are numbered here.
    for (uint32_t i = 0; i < codes.size(); ++i) {
      const std::string& code = codes.text(i);
      if (is_name(i)) continue;
      are_dates[i] = LooksLikeSpreadsheetDate(code);
      const char mark = are_dates[i] ? 0 : MarkOfThreeNumbers(code);
      if (mark != 0 && !absl::StrContains(marks, mark)) marks += mark;
      if (example.empty() && MayBecomeDate(code)) example = code;
    }
    for (uint32_t i = 0; i < codes.size(); ++i) {
      const char mark = are_dates[i] ? MarkOfThreeNumbers(codes.text(i)) : 0;
      are_dates[i] = are_dates[i] && (mark == 0 || !absl::StrContains(marks, mark));
      any = any || are_dates[i];
    }
  }

  bool Refuses(uint32_t number) const { return !example.empty() && are_dates[number]; }

  std::string Why(const std::string& code) const {
    return absl::StrCat(Quoted(code), " is a date among codes such as ", Quoted(example),
                        ", so a spreadsheet seems to have made it of such a code, which is lost; "
                        "format the column as text there, correct the code, and export again");
  }
};

// Refuses the lines and returns for which `code_of` gives a code that is a date; `code_of` takes
// the numbers of the order and the product.
template <class CodeOf>
void RefuseDates(const DateCodes& dates, const CodeBook& codes, const std::string& column,
                 CodeOf code_of, OrderBook* book, Refusals* refusals) {
  for (uint32_t i = 0; i < book->orders.size(); ++i) {
    FlatOrder& order = book->orders[i];
    std::erase_if(order.lines, [&](const FlatLine& line) {
      const uint32_t code = code_of(i, line.product);
      if (!dates.Refuses(code)) return false;
      refusals->Add(line.row, column, dates.Why(codes.text(code)));
      order.has_refused_rows = true;
      return true;
    });
  }
  std::erase_if(book->returns, [&](const FlatReturn& given) {
    const uint32_t code = code_of(given.order, given.product);
    if (!dates.Refuses(code)) return false;
    if (!given.is_of_line) refusals->Add(given.row, column, dates.Why(codes.text(code)));
    return true;
  });
}

}  // namespace

void RefuseDatesAsCodes(const FlatColumns& columns, OrderBook* book, Refusals* refusals) {
  if (columns.Has(Role::kOrder) && columns.order_key().empty()) {
    const DateCodes orders(book->order_codes, [](uint32_t) { return false; });
    if (orders.any && !orders.example.empty()) {
      RefuseDates(
          orders, book->order_codes, columns.Name(Role::kOrder),
          [](uint32_t order, uint32_t) { return order; }, book, refusals);
    }
  }
  if (!columns.Has(Role::kProduct)) return;
  const DateCodes products(book->product_codes, [&](uint32_t product) {
    const uint32_t name = book->names.Find(book->product_codes.text(product));
    const auto& names = book->products[product].names;
    return name != CodeBook::kNone && !names.empty() && names.front().first == name;
  });
  if (!products.any) return;
  if (!products.example.empty()) {
    return RefuseDates(
        products, book->product_codes, columns.Name(Role::kProduct),
        [](uint32_t, uint32_t product) { return product; }, book, refusals);
  }
  for (uint32_t i = 0; i < products.are_dates.size(); ++i) {
    if (products.are_dates[i]) book->notes.Add(Note::kDateAsProduct, book->product_codes.text(i));
  }
}

void RefuseIncompleteOrders(const FlatColumns& columns, OrderBook* book, Refusals* refusals) {
  for (FlatOrder& order : book->orders) {
    if (!order.lines.empty() && !order.has_day) {
      RefuseOrder(columns.Name(Role::kDate),
                  "is empty, and no row of the order has one; give the date", &order, refusals);
    }
    if (!order.lines.empty() && order.lost_customer && order.customer == CodeBook::kNone) {
      RefuseOrder(columns.Name(Role::kCustomer),
                  "is held back, since a row of the order that may name the customer could not be "
                  "read; correct that row, and import the file again",
                  &order, refusals);
    }
  }
}

void CompleteBook(bool pairs_are_one_line, OrderBook* book) {
  if (pairs_are_one_line) MergePairs(*book);
  for (FlatOrder& order : book->orders) order.lines.shrink_to_fit();
  CompleteReturns(*book);
  CompleteCatalog(*book);
  FindReturnedProducts(*book);
  NoteDoubtfulOrders(book);
}

}  // namespace clustr::ctl
