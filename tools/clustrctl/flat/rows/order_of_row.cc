#include "tools/clustrctl/flat/rows/order_of_row.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/schema/date.h"
#include "tools/clustrctl/flat/rows/header_of_order.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {

void OrderOfRow::ReadOriginal(FileRow* row) {
  if (!in_.columns.Has(Role::kOriginal)) return;
  // Databases write 0 where a row has no original.
  const std::string_view cell = in_.Cell(Role::kOriginal, *row);
  if (WithoutEmptyFraction(Trimmed(cell)) == "0") return;
  row->original = in_.book.order_codes.Add(cell, &in_.book.notes);
  if (row->original == CodeBook::kNone) return;
  EntryAt(&in_.book.orders, row->original);
  const std::string& problem = in_.book.order_codes.problem(row->original);
  if (!problem.empty()) in_.Refuse(Role::kOriginal, problem, row);
}

void OrderOfRow::CheckOriginal(FileRow* row) {
  if (row->original == CodeBook::kNone || row->units.is_return) return;
  const bool is_only_number = in_.columns.place(Role::kOriginal) == in_.columns.place(Role::kOrder);
  if (row->original == row->order && !is_only_number) return;  // A purchase names itself.
  const std::string& code = in_.book.order_codes.text(row->original);
  if (in_.conventions.originals_are_returns) {
    row->units.is_return = true;
    in_.book.notes.Add(Note::kReturnByOriginal, code);
  } else {
    in_.book.notes.Add(Note::kOriginalKept, code);
    row->original = CodeBook::kNone;
    if (!in_.columns.order_key().empty()) ReadKey(row);
  }
}

bool OrderOfRow::Read(FileRow* row) {
  if (!in_.columns.order_key().empty()) {
    if (row->original == CodeBook::kNone) return ReadKey(row);
    row->order = row->original;
    return in_.book.order_codes.problem(row->order).empty();
  }
  row->order = in_.book.order_codes.Add(in_.Cell(Role::kOrder, *row), &in_.book.notes);
  if (row->order == CodeBook::kNone) row->order = row->original;
  if (row->order != CodeBook::kNone) {
    last_order_ = row->order;
    lost_order_ = false;
    const std::string& problem = in_.book.order_codes.problem(row->order);
    if (!problem.empty()) in_.Refuse(Role::kOrder, problem, row);
    EntryAt(&in_.book.orders, row->order);
    return problem.empty();
  }
  const auto says_nothing = [&](Role role) {
    const std::string_view text = Trimmed(in_.Cell(role, *row));
    return text.empty() || IsNullWord(text);
  };
  const bool no_header = says_nothing(Role::kDate) && says_nothing(Role::kCustomer);
  if (!no_header && !in_.conventions.order_stands_once) {
    in_.Refuse(Role::kOrder, "is empty; give the order", row);
    return false;
  }
  if (lost_order_) {
    in_.Refuse(
        Role::kOrder,
        "is empty, and the row above, which may name the order, could not be read; correct that "
        "row, and import the file again",
        row);
    return false;
  }
  if (last_order_ == CodeBook::kNone || !in_.book.order_codes.problem(last_order_).empty()) {
    in_.Refuse(Role::kOrder, "is empty; give the order", row);
    return false;
  }
  row->order = last_order_;
  row->is_continued = true;
  return true;
}

bool OrderOfRow::CheckContinued(FileRow* row) {
  const FlatOrder& order = in_.book.orders[row->order];
  const std::string& code = in_.book.order_codes.text(row->order);
  const bool has_customer = row->customer != CodeBook::kNone;
  const bool knows_customer = order.customer != CodeBook::kNone;
  const auto refuse = [&](const std::string& what) {
    in_.Refuse(Role::kOrder, absl::StrCat("is empty, and ", what, "; give the order"), row);
    return false;
  };
  const bool same_customer = has_customer && row->customer == order.customer;
  if (row->units.is_return) {
    in_.book.notes.Add(Note::kContinued, code);
    return true;
  }
  if (has_customer && knows_customer && !same_customer) {
    return refuse(absl::StrCat("the customer ", Quoted(in_.book.customer_codes.text(row->customer)),
                               " is not that of the order above, ", Quoted(code)));
  }
  if (row->has_moment && order.has_day && row->moment.day != order.day && !IsNearOrder(in_, *row)) {
    return refuse(absl::StrCat("the day ", schema::DateText(row->moment.day),
                               " is not that of the order above, ", Quoted(code)));
  }
  const bool has_header = has_customer || row->has_moment;
  if (has_header && !same_customer && !in_.conventions.orders_are_rare) {
    return refuse("the row may be of the order above or of another one");
  }
  in_.book.notes.Add(Note::kContinued, code);
  return true;
}

bool OrderOfRow::ReadKey(FileRow* row) {
  std::string key;
  for (const int place : in_.columns.order_key()) {
    const auto index = static_cast<size_t>(place);
    const std::string_view cell =
        index < row->cells.size() ? row->cells[index] : std::string_view();
    std::string part;
    if (place == in_.columns.place(Role::kDate)) {
      if (row->has_moment) part = schema::DateText(row->moment.day);
    } else {
      const uint32_t number = key_parts_.Add(cell, &in_.book.notes);
      if (number != CodeBook::kNone) part = key_parts_.text(number);
    }
    if (part.empty()) {
      in_.Refuse(Role::kOrder,
                 absl::StrCat("has nothing in ", Quoted(in_.columns.header()[index]),
                              ", which the key of an order needs; complete the row"),
                 row);
      return false;
    }
    absl::StrAppend(&key, key.empty() ? "" : "+", part);
  }
  // The key of one column is the customer, and --day gives the day.
  if (in_.columns.order_key().size() == 1 && row->has_moment) {
    absl::StrAppend(&key, "+", schema::DateText(row->moment.day));
  }
  row->order = in_.book.order_codes.Add(key, &in_.book.notes);
  if (row->order == CodeBook::kNone) {
    in_.Refuse(Role::kOrder, "is empty; give the order", row);
    return false;
  }
  const std::string& problem = in_.book.order_codes.problem(row->order);
  if (!problem.empty()) in_.Refuse(Role::kOrder, problem, row);
  EntryAt(&in_.book.orders, row->order);
  return problem.empty();
}

void OrderOfRow::Lose(absl::Span<const std::string_view> cells) {
  last_order_ = CodeBook::kNone;
  lost_order_ = true;
  // A separator too many moves the cells behind it, but never the first one.
  const bool has_order = in_.columns.place(Role::kOrder) == 0 && !cells.empty();
  in_.book.has_lost_rows = in_.book.has_lost_rows || !has_order;
  if (!in_.columns.Has(Role::kOrder)) return;
  const uint32_t order =
      in_.book.order_codes.Add(in_.columns.Cell(cells, Role::kOrder), &in_.book.notes);
  if (order == CodeBook::kNone || !in_.book.order_codes.problem(order).empty()) {
    in_.book.has_lost_rows = true;
    return;
  }
  EntryAt(&in_.book.orders, order).lost_customer = true;
  EntryAt(&in_.book.orders, order).has_refused_rows = true;
  last_order_ = order;
  lost_order_ = false;
}

}  // namespace clustr::ctl
