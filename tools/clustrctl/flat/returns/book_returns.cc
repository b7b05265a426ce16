#include "tools/clustrctl/flat/returns/book_returns.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/errors.h"

namespace clustr::ctl {

BookReturns::BookReturns(const FlatColumns* columns, bool all_new, OrderBook* book)
    : columns_(*columns),
      all_new_(all_new),
      book_(*book),
      outcomes_(book->returns.size(), ReturnOutcome::kUnmatched),
      any_line_(book->returns.size()),
      other_price_(book->returns.size()),
      known_(book->returns.size()) {}

// Whether the return names a customer whose earlier purchases can be looked up.
bool BookReturns::HasCustomer(const FlatReturn& row) const {
  return row.customer != CodeBook::kNone && row.customer != book_.guest;
}

// Takes registered units for those of other returns, if the returns of the file are all new.
void BookReturns::KeepRegistered(std::vector<FlatOrder>* orders) const {
  if (!all_new_) return;
  for (FlatOrder& order : *orders) {
    for (FlatLine& line : order.lines) line.claimed = std::max(line.claimed, line.registered);
  }
}

std::vector<ReturnKey> BookReturns::MatchInFile() {
  KeepRegistered(&book_.orders);
  KeepRegistered(&book_.earlier);
  MatchWithOrders();
  for (size_t i = 0; i < book_.returns.size(); ++i) {
    const FlatReturn& row = book_.returns[i];
    if (outcomes_[i] != ReturnOutcome::kUnmatched || !HasCustomer(row)) continue;
    if (row.quantity == 0 || row.names_original || row.is_of_line) continue;
    groups_[{false, row.customer, row.product}].returns.push_back(i);
  }
  if (!groups_.empty()) {
    for (FlatOrder& order : book_.orders) AddLines(&order, false, order.customer, &groups_);
  }
  std::vector<ReturnKey> open;
  for (auto& [key, group] : groups_) {
    Match(false, &group);
    const bool all = std::none_of(group.returns.begin(), group.returns.end(), [&](size_t i) {
      return outcomes_[i] == ReturnOutcome::kUnmatched;
    });
    if (!all) open.push_back(key);
  }
  return open;
}

// Matches returns with lines of the order whose number they have, unless they name another
// customer.
void BookReturns::MatchWithOrders() {
  Groups groups;
  for (size_t i = 0; i < book_.returns.size(); ++i) {
    const FlatReturn& row = book_.returns[i];
    if (row.quantity == 0) continue;
    groups[{true, row.order, row.product}].returns.push_back(i);
  }
  if (groups.empty()) return;
  for (uint32_t number = 0; number < book_.orders.size(); ++number) {
    AddLines(&book_.orders[number], true, number, &groups);
  }
  absl::flat_hash_map<uint32_t, uint32_t> customers;  // Of orders, by their index.
  for (FlatOrder& order : book_.earlier) {
    if (order.same_as == CodeBook::kNone) continue;
    AddLines(&order, true, order.same_as, &groups);
    customers[order.same_as] = order.customer;
  }
  for (auto& [key, group] : groups) {
    const FlatOrder& order = book_.orders[key.owner];
    const auto stored = customers.find(key.owner);
    const uint32_t customer =
        order.lines.empty() && stored != customers.end() ? stored->second : order.customer;
    std::erase_if(group.returns, [&](size_t i) {
      const FlatReturn& row = book_.returns[i];
      return !row.names_original && HasCustomer(row) && row.customer != customer;
    });
    if (!group.lines.empty()) Match(true, &group);
  }
}

void BookReturns::AddLines(FlatOrder* order, bool is_order, uint32_t owner, Groups* groups) {
  for (FlatLine& line : order->lines) {
    if (line.sale_id == 0) continue;
    const auto group = groups->find({is_order, owner, line.product});
    if (group != groups->end()) group->second.lines.push_back({order->day, &line, line.claimed});
  }
}

void BookReturns::MatchWithEarlier(const std::vector<ReturnKey>& keys) {
  KeepRegistered(&book_.earlier);
  for (FlatOrder& order : book_.earlier) AddLines(&order, false, order.customer, &groups_);
  for (const ReturnKey& key : keys) Match(false, &groups_[key]);
}

// Matches the returns of one group. Under the number of their order, days do not matter.
void BookReturns::Match(bool is_order, Group* group) {
  const auto day_of = [&](size_t i) { return is_order ? INT32_MAX : book_.returns[i].day; };
  std::sort(group->returns.begin(), group->returns.end(), [&](size_t a, size_t b) {
    return std::pair(day_of(a), book_.returns[a].row) < std::pair(day_of(b), book_.returns[b].row);
  });
  std::sort(group->lines.begin(), group->lines.end(), [](const Line& a, const Line& b) {
    return std::tuple(a.day, a.line->row, a.line->sale_id) <
           std::tuple(b.day, b.line->row, b.line->sale_id);
  });
  std::vector<ReturnableLine> lines;
  for (const Line& line : group->lines) {
    lines.push_back({line.day, line.line->price_cents, line.line->quantity - line.claimed_before,
                     std::max<int64_t>(0, line.line->registered - line.claimed_before)});
  }
  std::vector<ReturnedUnits> returns;
  std::vector<size_t> numbers;  // Of these returns.
  for (const size_t i : group->returns) {
    const FlatReturn& row = book_.returns[i];
    const bool has_price =
        !row.is_by_amount || std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
          return line.day <= day_of(i) && std::abs(line.price_cents - row.price_cents) <= 1;
        });
    if (!lines.empty() && lines.front().day <= day_of(i)) {
      any_line_[i] = true;
      other_price_[i] = !has_price;
    }
    if (!has_price) continue;
    returns.push_back({day_of(i), row.price_cents, row.quantity});
    numbers.push_back(i);
  }
  MatchReturns(absl::MakeSpan(lines), absl::MakeSpan(returns));
  for (size_t i = 0; i < lines.size(); ++i) {
    group->lines[i].line->claimed =
        static_cast<int32_t>(group->lines[i].claimed_before + lines[i].claimed);
  }
  const bool is_of_other_file = std::any_of(
      group->lines.begin(), group->lines.end(),
      [](const Line& line) { return line.line->row == 0 && line.line->registered > 0; });
  for (size_t i = 0; i < returns.size(); ++i) {
    outcomes_[numbers[i]] = returns[i].outcome;
    known_[numbers[i]] = is_of_other_file && returns[i].outcome == ReturnOutcome::kRegistered;
  }
}

// Whether the row has no number of units below 0, and no line that it could take back.
bool BookReturns::IsDiscount(size_t number) const {
  const FlatReturn& row = book_.returns[number];
  return row.is_by_amount && !any_line_[number] && !row.names_original;
}

std::string BookReturns::WhyUnmatched(size_t number) const {
  const FlatReturn& row = book_.returns[number];
  const std::string amount =
      absl::StrFormat("-%d.%02d", row.price_cents / 100, row.price_cents % 100);
  if (row.quantity == 0) {
    return absl::StrCat(amount,
                        " was paid back for 0 units, so no unit is registered as returned; "
                        "if goods came back, give their number below 0");
  }
  if (other_price_[number]) {
    return absl::StrCat(amount,
                        " is not the price of an earlier line of this product and customer, "
                        "so it is a discount or a refund in part, and no unit is registered as "
                        "returned; if goods came back, give their number below 0");
  }
  if (IsDiscount(number)) {
    return absl::StrCat(
        amount,
        " is an amount below 0 without an earlier line of this product, so it "
        "seems to be a discount, a coupon or a rounding, and no unit is registered "
        "as returned; leave such rows out with --where, or give the number of units "
        "below 0 if goods came back");
  }
  if (row.names_original && !any_line_[number]) {
    return absl::StrCat(-row.quantity, " takes back the order ",
                        Quoted(book_.order_codes.text(row.order)),
                        ", which has no line of this product, neither in the file nor stored; "
                        "import that order as well");
  }
  if (row.names_original) {
    return absl::StrCat(-row.quantity, " is more than what is left of this product in the order ",
                        Quoted(book_.order_codes.text(row.order)),
                        ", which it takes back; correct the quantity or the order");
  }
  if (any_line_[number]) {
    return absl::StrCat(-row.quantity,
                        " is more than what is left of the earlier lines of this product and "
                        "customer; correct it, or import the other purchase as well");
  }
  if (HasCustomer(row)) {
    return absl::StrCat(-row.quantity,
                        " matches no earlier line of this product and customer; import the "
                        "purchase as well, or leave the row out");
  }
  return absl::StrCat(-row.quantity,
                      " names no customer, and its order has no line of this product; name the "
                      "customer, or register it with `clustrctl return`");
}

void BookReturns::NoteReturnsThatStay(Notes* notes) const {
  for (uint32_t i = 0; i < book_.orders.size(); ++i) {
    for (const FlatLine& line : book_.orders[i].lines) {
      if (line.registered <= line.claimed) continue;
      notes->Add(Note::kReturnsStay, absl::StrCat(line.registered, " returned, ", line.claimed,
                                                  " in the file: order ", book_.order_codes.text(i),
                                                  ", ", book_.product_codes.text(line.product)));
    }
  }
}

void BookReturns::Report(bool replace, MatchedReturns* report) const {
  for (size_t i = 0; i < book_.returns.size(); ++i) {
    const FlatReturn& row = book_.returns[i];
    if (outcomes_[i] == ReturnOutcome::kNew) ++report->registered;
    if (outcomes_[i] == ReturnOutcome::kRegistered) ++report->unchanged;
    if (known_[i]) {
      report->notes.Add(Note::kReturnTaken,
                        absl::StrCat("row ", row.row, ", ", row.quantity, " of product ",
                                     book_.product_codes.text(row.product)));
    }
    // If the line itself is not stored, its row is refused.
    if (row.is_of_line) continue;
    if (outcomes_[i] != ReturnOutcome::kUnmatched) {
      ++report->rows;
      continue;
    }
    const bool is_amount =
        row.is_by_amount && (other_price_[i] || row.quantity == 0 || IsDiscount(i));
    const Role role = !is_amount                   ? Role::kQuantity
                      : columns_.Has(Role::kPrice) ? Role::kPrice
                                                   : Role::kTotal;
    report->unmatched.Add(row.row, columns_.Name(role), WhyUnmatched(i));
  }
  if (replace) NoteReturnsThatStay(&report->notes);
}

}  // namespace clustr::ctl
