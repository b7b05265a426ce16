#include "tools/clustrctl/flat/rows/doubtful_orders.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/schema/date.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"
#include "tools/clustrctl/flat/rows/row_shapes.h"
#include "tools/clustrctl/print/numbers.h"

namespace clustr::ctl {
namespace {

// Rows of one order farther apart may belong to two orders with the same number.
constexpr int32_t kUsualOrderMinutes = 60;

std::string TimeText(int32_t time) {
  const int32_t day = (time < 0 ? time - 1439 : time) / 1440;
  const int32_t minute = time - day * 1440;
  return absl::StrFormat("%s %02d:%02d", schema::DateText(day), minute / 60, minute % 60);
}

int64_t TotalCents(const FlatLine& line) {
  return line.price_cents * line.quantity + line.total_offset;
}

void NoteSpreadOrders(OrderBook* book) {
  int64_t orders = 0;
  int64_t scattered = 0;
  for (const FlatOrder& order : book->orders) {
    if (!order.lines.empty()) ++orders;
    if (order.is_scattered && order.first_time == FlatOrder::kNoTime) ++scattered;
  }
  for (uint32_t i = 0; i < book->orders.size(); ++i) {
    const FlatOrder& order = book->orders[i];
    const std::string& code = book->order_codes.text(i);
    if (order.first_time != FlatOrder::kNoTime &&
        order.last_time - order.first_time > kUsualOrderMinutes) {
      book->notes.Add(Note::kApart, absl::StrCat(code, " (", TimeText(order.first_time), " and ",
                                                 TimeText(order.last_time), ")"));
    } else if (order.is_scattered && order.first_time == FlatOrder::kNoTime &&
               2 * scattered < orders) {
      book->notes.Add(Note::kScattered, code);
    }
  }
}

void NoteTotalsAsProducts(OrderBook* book) {
  std::vector<bool> is_total(book->products.size());
  for (uint32_t i = 0; i < is_total.size(); ++i) {
    is_total[i] = RowShapes::NamesATotal(book->product_codes.text(i)) ||
                  RowShapes::NamesATotal(book->NameOf(i));
  }
  if (std::find(is_total.begin(), is_total.end(), true) == is_total.end()) return;
  for (const FlatOrder& order : book->orders) {
    const FlatLine* total = nullptr;
    int64_t others = 0;
    for (const FlatLine& line : order.lines) {
      if (is_total[line.product]) {
        total = &line;
      } else {
        others += TotalCents(line);
      }
    }
    const bool sums_up = total != nullptr && order.lines.size() > 1 &&
                         (TotalCents(*total) == others || total->price_cents == others);
    if (sums_up) book->notes.Add(Note::kTotalAsProduct, book->product_codes.text(total->product));
  }
}

// Notes products that are called shipping, discount, deposit or the like: they stand in so many
// orders that they would lead all rules.
void NoteNoGoods(OrderBook* book) {
  std::vector<bool> is_none(book->products.size());
  for (uint32_t i = 0; i < is_none.size(); ++i) {
    const FlatProduct& product = book->products[i];
    is_none[i] =
        product.first_row != 0 && !RowShapes::NamesATotal(book->NameOf(i)) &&
        (IsWordForNoGoods(book->product_codes.text(i)) || IsWordForNoGoods(book->NameOf(i)));
  }
  if (std::find(is_none.begin(), is_none.end(), true) == is_none.end()) return;
  for (const FlatOrder& order : book->orders) {
    for (const FlatLine& line : order.lines) {
      if (!is_none[line.product]) continue;
      const std::string& code = book->product_codes.text(line.product);
      const std::string& name = book->NameOf(line.product);
      book->notes.Add(Note::kNoGoodsAsProduct,
                      code == name ? code : absl::StrCat(code, " (", name, ")"));
    }
  }
}

// Whether each line behind the first of the headers that divide the order is also before it.
bool StandsAgain(const FlatOrder& order, const std::vector<uint32_t>& headers) {
  if (order.lines.empty()) return false;
  const auto header = std::upper_bound(headers.begin(), headers.end(), order.lines.front().row);
  if (header == headers.end() || order.lines.back().row < *header) return false;
  const auto values = [](const FlatLine& line) {
    return std::tuple(line.product, line.quantity, line.price_cents, line.total_offset);
  };
  std::vector<decltype(values(order.lines[0]))> before;
  for (const FlatLine& line : order.lines) {
    if (line.row < *header) {
      before.push_back(values(line));
      continue;
    }
    const auto same = std::find(before.begin(), before.end(), values(line));
    if (same == before.end()) return false;
    before.erase(same);
  }
  return true;
}

void NoteRepeatedOrders(OrderBook* book) {
  if (book->repeated_headers.empty()) return;
  for (uint32_t i = 0; i < book->orders.size(); ++i) {
    if (!StandsAgain(book->orders[i], book->repeated_headers)) continue;
    book->notes.Add(Note::kOrderAgain, book->order_codes.text(i));
  }
}

// Tills write 0 where they know no customer. The code may also be meant.
void NoteZeroCustomer(OrderBook* book) {
  const uint32_t zero = book->customer_codes.Find("0");
  if (zero == CodeBook::kNone) return;
  for (uint32_t i = 0; i < book->orders.size(); ++i) {
    const FlatOrder& order = book->orders[i];
    if (order.customer != zero || order.lines.empty()) continue;
    book->notes.Add(Note::kZeroCustomer, book->order_codes.text(i));
  }
}

// Notes e-mail addresses that people typed once with capitals and once without.
void NoteAddresses(OrderBook* book) {
  const auto has_capital = [](char c) { return absl::ascii_isupper(c); };
  bool any = false;
  for (uint32_t i = 0; i < book->customer_codes.size() && !any; ++i) {
    const std::string& code = book->customer_codes.text(i);
    any = code.find('@') != std::string::npos && std::any_of(code.begin(), code.end(), has_capital);
  }
  if (!any) return;
  absl::flat_hash_map<std::string, uint32_t> addresses;
  for (uint32_t i = 0; i < book->customer_codes.size(); ++i) {
    const std::string& code = book->customer_codes.text(i);
    if (code.find('@') == std::string::npos) continue;
    const auto [known, is_new] = addresses.try_emplace(absl::AsciiStrToLower(code), i);
    if (is_new) continue;
    book->notes.Add(Note::kSameAddress,
                    absl::StrCat(book->customer_codes.text(known->second), " and ", code));
  }
}

std::string WithRows(const std::string& code, int64_t rows) {
  return absl::StrCat(code, " (", WithSeparators(rows), rows == 1 ? " row)" : " rows)");
}

// Notes products whose codes differ in case only, as people type them, with the rows of each.
void NoteCaseOfProducts(OrderBook* book) {
  absl::flat_hash_map<std::string, uint32_t> codes;
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (uint32_t i = 0; i < book->products.size(); ++i) {
    if (book->products[i].first_row == 0) continue;
    const auto [known, is_new] = codes.try_emplace(FoldedCase(book->product_codes.text(i)), i);
    if (!is_new) pairs.emplace_back(known->second, i);
  }
  if (pairs.empty()) return;
  std::vector<int64_t> rows(book->products.size());
  for (const FlatOrder& order : book->orders) {
    for (const FlatLine& line : order.lines) ++rows[line.product];
  }
  for (const auto& [one, other] : pairs) {
    book->notes.Add(Note::kCaseOfProduct,
                    absl::StrCat(WithRows(book->product_codes.text(one), rows[one]), " and ",
                                 WithRows(book->product_codes.text(other), rows[other])));
  }
}

// Notes orders whose numbers differ in a `#` only.
void NoteHashes(OrderBook* book) {
  for (uint32_t i = 0; i < book->orders.size(); ++i) {
    const std::string& code = book->order_codes.text(i);
    if (!code.starts_with('#') || book->orders[i].lines.empty()) continue;
    const uint32_t other = book->order_codes.Find(WithOrWithoutHash(code));
    if (other == CodeBook::kNone || book->orders[other].lines.empty()) continue;
    book->notes.Add(Note::kHashTwice, absl::StrCat(code, " and ", book->order_codes.text(other)));
  }
}

}  // namespace

void NoteDoubtfulOrders(OrderBook* book) {
  NoteCaseOfProducts(book);
  NoteHashes(book);
  NoteZeroCustomer(book);
  NoteAddresses(book);
  NoteSpreadOrders(book);
  NoteTotalsAsProducts(book);
  NoteNoGoods(book);
  NoteRepeatedOrders(book);
}

}  // namespace clustr::ctl
