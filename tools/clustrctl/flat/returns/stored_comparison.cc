#include "tools/clustrctl/flat/returns/stored_comparison.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/returns/earlier_lines.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

bool Answers(const Service& service) {
  return service.channel->WaitForConnected(std::chrono::system_clock::now() +
                                           std::chrono::seconds(1));
}

void CountOrders(const FlatColumns& columns, OrderBook* book, Refusals* refused,
                 StoredComparison* comparison) {
  for (FlatOrder& order : book->orders) {
    if (order.lines.empty()) continue;
    if (!order.problem.empty()) {
      ++comparison->refused;
      for (const FlatLine& line : order.lines) {
        refused->Add(line.row, columns.Name(Role::kOrder), order.problem);
      }
      order.lines.clear();
      continue;
    }
    const bool lacks_line = std::any_of(order.lines.begin(), order.lines.end(),
                                        [](const FlatLine& line) { return line.sale_id == 0; });
    if (order.transaction_id == 0) {
      ++comparison->fresh;
    } else if (lacks_line || order.header_differs || !order.obsolete.empty()) {
      ++comparison->changed;
    } else {
      ++comparison->unchanged;
    }
  }
}

// Returns are matched with stored lines. Here, those count that would be stored.
void NumberLines(OrderBook* book) {
  int64_t number = 0;
  for (FlatOrder& order : book->orders) {
    for (FlatLine& line : order.lines) {
      if (line.sale_id == 0) line.sale_id = --number;
    }
  }
}

}  // namespace

absl::Status CompareWithStored(const Context& context, const FlatColumns& columns, bool replace,
                               bool new_returns, CatalogImport* catalog, OrderBook* book,
                               Refusals* refused, StoredComparison* comparison) {
  for (const Service* service : {&context.catalog, &context.sales}) {
    if (Answers(*service)) continue;
    comparison->why_not =
        absl::StrCat("nobody answers at ", service->address, ", the address of ", service->name);
    return absl::OkStatus();
  }
  CLUSTR_RETURN_IF_ERROR(catalog->Learn());
  CLUSTR_RETURN_IF_ERROR(LearnStoredOrders(context, replace, book, &comparison->stored));
  CountOrders(columns, book, refused, comparison);
  NumberLines(book);
  BookReturns returns(&columns, new_returns, book);
  const std::vector<ReturnKey> open = returns.MatchInFile();
  CLUSTR_RETURN_IF_ERROR(LearnEarlierLines(context, open, book));
  returns.MatchWithEarlier(open);
  returns.Report(replace, &comparison->returns);
  return absl::OkStatus();
}

std::string WhyOtherBaskets(const std::string& file, const StoredOrders& stored) {
  if (stored.other_baskets == 0) return "";
  return absl::StrCat(
      WithSeparators(stored.other_baskets),
      stored.other_baskets == 1 ? " basket is stored under the number of a row of this file, but "
                                  "with another content"
                                : " baskets are stored under the numbers of rows of this file, but "
                                  "with other contents, for example",
      ": ", Quoted(stored.other_basket), "; if another file called ", file,
      " was imported, choose another name for the baskets of this one with --basket-name=NAME; if "
      "this is that file, corrected, say --orders=replace");
}

}  // namespace clustr::ctl
