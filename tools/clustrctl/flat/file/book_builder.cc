#include "tools/clustrctl/flat/file/book_builder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/schema/date.h"
#include "tools/clustrctl/flat/file/book_completion.h"
#include "tools/clustrctl/flat/kinds/column_values.h"
#include "tools/clustrctl/flat/kinds/guest_words.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

// Rows of one order so far apart in time still are one order, even over midnight.
constexpr int32_t kMaxOrderMinutes = 12 * 60;
// Rows farther apart in the file may belong to two orders with the same number.
constexpr uint32_t kUsualOrderRows = 100;

// The entry with this number of a CodeBook in a vector that is indexed by it; grows the vector.
template <class Entry>
Entry& At(std::vector<Entry>* entries, uint32_t number) {
  if (number >= entries->size()) entries->resize(number + 1);
  return (*entries)[number];
}

int32_t TimeOf(const Moment& moment) { return moment.day * 1440 + moment.minute; }

bool HasCell(absl::Span<const std::string_view> cells, size_t place,
             const std::vector<std::string>& wanted) {
  return place < cells.size() &&
         std::find(wanted.begin(), wanted.end(), cells[place]) != wanted.end();
}

// What a row says of its kind, for people.
std::string KindText(const KindColumn& column, std::string_view cell) {
  std::string text = ShownText(cell);
  return column.is_told_by_name ? absl::StrCat(column.name, " = ", text) : text;
}

void Take(uint32_t given, uint32_t* kept) {
  if (given != CodeBook::kNone) *kept = given;
}

}  // namespace

// One row: its cells as numbers and amounts, and what is wrong with it.
struct BookBuilder::Row {
  int64_t number;
  absl::Span<const std::string_view> cells;
  common::v1::RowError* error;
  uint32_t order = CodeBook::kNone;
  uint32_t original = CodeBook::kNone;  // The order that the row takes back.
  uint32_t product = CodeBook::kNone;
  uint32_t customer = CodeBook::kNone;
  bool customer_is_bad = false;
  bool has_only_a_name = false;
  bool is_continued = false;  // It has no order number, and may be of the order above.
  uint32_t name = CodeBook::kNone;
  uint32_t city = CodeBook::kNone;
  uint32_t category = CodeBook::kNone;
  uint32_t brand = CodeBook::kNone;
  uint32_t channel = CodeBook::kNone;
  uint32_t payment_type = CodeBook::kNone;
  Units units = {};
  Moment moment = {};
  bool has_moment = false;
};

BookBuilder::BookBuilder(const FlatColumns* columns, const RowFilter* filter,
                         const RowFilter* form_filter, const DaySettings& days,
                         const Conventions& conventions, ItemParts* parts, OrderBook* book)
    : columns_(*columns),
      filter_(*filter),
      form_filter_(*form_filter),
      conventions_(conventions),
      parts_(*parts),
      book_(*book),
      days_(days, conventions.day_order, conventions.refuse_serials, conventions.cut_date),
      units_(columns, conventions.marks, &book->notes),
      key_parts_(RoleField(Role::kOrder), CodeBook::Kind::kCode),
      till_column_(TillColumn(*columns)),
      customer_name_column_(CustomerNameColumn(*columns)) {}

BookBuilder::Fate BookBuilder::Read(int64_t number, absl::Span<const std::string_view> cells,
                                    common::v1::RowError* error) {
  Row row{number, cells, error};
  ReadMoment(&row);
  ReadOriginal(&row);
  bool has_order = ReadOrder(&row);
  if (!Counts(row)) {
    error->clear_violations();
    ++book_.unwanted;
    return Fate::kSkipped;
  }
  if (parts_.IsCountedElsewhere(cells, HasPrice(row))) {
    error->clear_violations();
    ++book_.part_rows;
    book_.notes.Add(Note::kPartOfItem, absl::StrCat("row ", number));
    return Fate::kSkipped;
  }
  if (IsNoSale(row)) {
    error->clear_violations();
    ++book_.unwanted;
    return Fate::kSkipped;
  }
  row.customer = ReadText(Role::kCustomer, &book_.customer_codes, &row);
  row.customer_is_bad =
      row.customer != CodeBook::kNone && !book_.customer_codes.problem(row.customer).empty();
  row.channel = ReadText(Role::kChannel, &book_.channels, &row);
  row.payment_type = ReadText(Role::kPaymentType, &book_.payment_types, &row);
  row.city = ReadText(Role::kCity, &book_.cities, &row);
  if (has_order && error->violations().empty() && IsHeaderOfOrder(row)) {
    TakeHeader(row, /*is_firm=*/true);
    ++book_.header_rows;
    book_.notes.Add(Note::kNoLine, absl::StrCat("row ", number));
    return Fate::kSkipped;
  }
  ReadProduct(&row);
  row.category = ReadText(Role::kCategory, &book_.categories, &row);
  row.brand = ReadText(Role::kBrand, &book_.brands, &row);
  units_.Read(cells, &row.units,
              [&](Role role, std::string why) { Refuse(role, std::move(why), &row); });
  if (!row.units.is_return && IsReturnByKind(row)) row.units.is_return = true;
  CheckOriginal(&row);
  if (row.units.is_cancelled && error->violations().empty()) {
    if (has_order) {
      TakeHeader(row, /*is_firm=*/false);
      book_.orders[row.order].has_cancelled_rows = true;
    }
    ++book_.unwanted;
    return Fate::kSkipped;
  }
  if (has_order && row.is_continued) has_order = CheckContinued(&row);
  if (has_order && !row.units.is_return) {
    CheckDay(&row);
    CheckCustomer(&row);
  }
  if (!error->violations().empty()) {
    if (has_order && !row.units.is_return) TakeHeader(row, /*is_firm=*/false);
    if (has_order && row.customer_is_bad) At(&book_.orders, row.order).lost_customer = true;
    if (has_order) At(&book_.orders, row.order).has_refused_rows = true;
    error->set_row(number);
    return has_order ? Fate::kRefused : Fate::kLost;
  }
  row.units.is_return ? TakeReturn(row) : TakeLine(row);
  return Fate::kTaken;
}

void BookBuilder::Refuse(Role role, std::string description, Row* row) const {
  auto* violation = row->error->add_violations();
  violation->set_field(columns_.Name(role));
  violation->set_description(std::move(description));
  violation->set_reason(std::string(ReasonName(common::v1::ERROR_REASON_FIELD_INVALID)));
}

std::string_view BookBuilder::Cell(Role role, const Row& row) const {
  return columns_.Cell(row.cells, role);
}

void BookBuilder::ReadMoment(Row* row) {
  const std::string_view cell = Cell(Role::kDate, *row);
  if (cell.empty()) return;
  if (IsEmptyCell(cell)) return;
  std::string why;
  row->has_moment = days_.Read(cell, &row->moment, &why);
  if (row->has_moment && columns_.Has(Role::kTime)) ReadTime(row);
  if (!row->has_moment) {
    Refuse(Role::kDate, std::move(why), row);
  } else if (days_.IsFuture(row->moment.day)) {
    book_.notes.Add(Note::kFutureDay, schema::DateText(row->moment.day));
  }
}

// Databases write 00:00 behind a date whose time stands in a column of its own.
void BookBuilder::ReadTime(Row* row) {
  const std::string_view cell = Cell(Role::kTime, *row);
  if (row->moment.minute > 0 || IsEmptyCell(cell)) return;
  std::string why;
  if (!days_.AddTime(cell, &row->moment, &why)) Refuse(Role::kTime, std::move(why), row);
}

void BookBuilder::ReadOriginal(Row* row) {
  if (!columns_.Has(Role::kOriginal)) return;
  // Databases write 0 where a row has no original.
  const std::string_view cell = Cell(Role::kOriginal, *row);
  if (WithoutEmptyFraction(Trimmed(cell)) == "0") return;
  row->original = book_.order_codes.Add(cell, &book_.notes);
  if (row->original == CodeBook::kNone) return;
  At(&book_.orders, row->original);
  const std::string& problem = book_.order_codes.problem(row->original);
  if (!problem.empty()) Refuse(Role::kOriginal, problem, row);
}

// Makes a row that names the order which it takes back a return, or notes that it is none.
void BookBuilder::CheckOriginal(Row* row) {
  if (row->original == CodeBook::kNone || row->units.is_return) return;
  const bool is_only_number = columns_.place(Role::kOriginal) == columns_.place(Role::kOrder);
  if (row->original == row->order && !is_only_number) return;  // A purchase names itself.
  const std::string& code = book_.order_codes.text(row->original);
  if (conventions_.originals_are_returns) {
    row->units.is_return = true;
    book_.notes.Add(Note::kReturnByOriginal, code);
  } else {
    book_.notes.Add(Note::kOriginalKept, code);
    row->original = CodeBook::kNone;
    if (!columns_.order_key().empty()) ReadOrderKey(row);
  }
}

// Whether a price or total is above or below 0.
bool BookBuilder::HasPrice(const Row& row) const {
  const auto has = [&](Role role) {
    return Cell(role, row).find_first_of("123456789") != std::string_view::npos;
  };
  return has(Role::kPrice) || has(Role::kTotal);
}

// Sets the order of a row; false if it has none.
bool BookBuilder::ReadOrder(Row* row) {
  if (!columns_.order_key().empty()) {
    if (row->original == CodeBook::kNone) return ReadOrderKey(row);
    row->order = row->original;
    return book_.order_codes.problem(row->order).empty();
  }
  row->order = book_.order_codes.Add(Cell(Role::kOrder, *row), &book_.notes);
  if (row->order == CodeBook::kNone) row->order = row->original;
  if (row->order != CodeBook::kNone) {
    last_order_ = row->order;
    lost_order_ = false;
    const std::string& problem = book_.order_codes.problem(row->order);
    if (!problem.empty()) Refuse(Role::kOrder, problem, row);
    At(&book_.orders, row->order);
    return problem.empty();
  }
  const auto says_nothing = [&](Role role) {
    const std::string_view text = Trimmed(Cell(role, *row));
    return text.empty() || IsNullWord(text);
  };
  const bool no_header = says_nothing(Role::kDate) && says_nothing(Role::kCustomer);
  if (!no_header && !conventions_.order_stands_once) {
    Refuse(Role::kOrder, "is empty; give the order", row);
    return false;
  }
  if (lost_order_) {
    Refuse(Role::kOrder,
           "is empty, and the row above, which may name the order, could not be read; correct that "
           "row, and import the file again",
           row);
    return false;
  }
  if (last_order_ == CodeBook::kNone || !book_.order_codes.problem(last_order_).empty()) {
    Refuse(Role::kOrder, "is empty; give the order", row);
    return false;
  }
  row->order = last_order_;
  row->is_continued = true;
  return true;
}

// Whether a row without an order number is of the order above it; refuses it if it has a customer
// or day of its own that says otherwise. A return may have both.
bool BookBuilder::CheckContinued(Row* row) {
  const FlatOrder& order = book_.orders[row->order];
  const std::string& code = book_.order_codes.text(row->order);
  const bool has_customer = row->customer != CodeBook::kNone;
  const bool knows_customer = order.customer != CodeBook::kNone;
  const auto refuse = [&](const std::string& what) {
    Refuse(Role::kOrder, absl::StrCat("is empty, and ", what, "; give the order"), row);
    return false;
  };
  const bool same_customer = has_customer && row->customer == order.customer;
  if (row->units.is_return) {
    book_.notes.Add(Note::kContinued, code);
    return true;
  }
  if (has_customer && knows_customer && !same_customer) {
    return refuse(absl::StrCat("the customer ", Quoted(book_.customer_codes.text(row->customer)),
                               " is not that of the order above, ", Quoted(code)));
  }
  if (row->has_moment && order.has_day && row->moment.day != order.day && !IsNearOrder(*row)) {
    return refuse(absl::StrCat("the day ", schema::DateText(row->moment.day),
                               " is not that of the order above, ", Quoted(code)));
  }
  const bool has_header = has_customer || row->has_moment;
  if (has_header && !same_customer && !conventions_.orders_are_rare) {
    return refuse("the row may be of the order above or of another one");
  }
  book_.notes.Add(Note::kContinued, code);
  return true;
}

bool BookBuilder::ReadOrderKey(Row* row) {
  std::string key;
  for (const int place : columns_.order_key()) {
    const auto index = static_cast<size_t>(place);
    const std::string_view cell =
        index < row->cells.size() ? row->cells[index] : std::string_view();
    std::string part;
    if (place == columns_.place(Role::kDate)) {
      if (row->has_moment) part = schema::DateText(row->moment.day);
    } else {
      const uint32_t number = key_parts_.Add(cell, &book_.notes);
      if (number != CodeBook::kNone) part = key_parts_.text(number);
    }
    if (part.empty()) {
      Refuse(Role::kOrder,
             absl::StrCat("has nothing in ", Quoted(columns_.header()[index]),
                          ", which the key of an order needs; complete the row"),
             row);
      return false;
    }
    absl::StrAppend(&key, key.empty() ? "" : "+", part);
  }
  row->order = book_.order_codes.Add(key, &book_.notes);
  if (row->order == CodeBook::kNone) {
    Refuse(Role::kOrder, "is empty; give the order", row);
    return false;
  }
  const std::string& problem = book_.order_codes.problem(row->order);
  if (!problem.empty()) Refuse(Role::kOrder, problem, row);
  At(&book_.orders, row->order);
  return problem.empty();
}

// Whether --where and the form let the row count. Rows whose cells are empty follow their order.
bool BookBuilder::Counts(const Row& row) {
  if (!filter_.any() && !form_filter_.any()) return true;
  FlatOrder* order = row.order == CodeBook::kNone ? nullptr : &At(&book_.orders, row.order);
  const bool wanted = Fits(filter_, row, order == nullptr ? nullptr : &order->wanted);
  // An order is remembered as void even if --where does not want this row of it.
  const bool came_about = Fits(form_filter_, row, order == nullptr ? nullptr : &order->came_about);
  if (wanted && !came_about) {
    book_.notes.Add(Note::kNeverCameAbout, OnOneLine(form_filter_.Reason(row.cells)));
  }
  return wanted && came_about;
}

// Whether the filter lets the row count; `earlier` is what it said to earlier rows of its order.
bool BookBuilder::Fits(const RowFilter& filter, const Row& row, RowFilter::Verdict* earlier) {
  RowFilter::Verdict verdict = filter.Check(row.cells);
  if (verdict == RowFilter::Verdict::kRowDoesNot) return false;
  if (earlier != nullptr) {
    if (verdict == RowFilter::Verdict::kOpen) verdict = *earlier;
    *earlier = verdict;
  }
  return verdict == RowFilter::Verdict::kCounts ||
         (verdict == RowFilter::Verdict::kOpen && filter.empty_cells_fit());
}

// Whether the row names an order but no product and no units, as in exports that put a row of its
// own before the lines of each order.
bool BookBuilder::IsHeaderOfOrder(const Row& row) const {
  const auto blank = [&](Role role) { return IsEmptyCell(Cell(role, row)); };
  if (!blank(Role::kProduct) || !blank(Role::kDescription) || blank(Role::kOrder)) return false;
  const bool has_units = columns_.Has(Role::kQuantity) || columns_.Has(Role::kPrice);
  const bool no_units = blank(Role::kQuantity) && blank(Role::kPrice) && blank(Role::kTotal);
  // A row with an order number alone may have been cut off behind it.
  const bool has_header = !blank(Role::kDate) || !blank(Role::kCustomer);
  return columns_.preset() == "eBay" || (has_units && no_units && has_header);
}

uint32_t BookBuilder::ReadText(Role role, CodeBook* texts, Row* row) {
  const uint32_t number = texts->Add(Cell(role, *row), &book_.notes);
  if (number != CodeBook::kNone && !texts->problem(number).empty()) {
    Refuse(role, texts->problem(number), row);
  }
  return number;
}

void BookBuilder::ReadProduct(Row* row) {
  row->name = ReadText(Role::kDescription, &book_.names, row);
  std::string_view cell = Cell(Role::kProduct, *row);
  const size_t bracket = cell.find(']');
  // Odoo writes `[FURN_7777] Office Chair`.
  if (columns_.preset() == "Odoo" && cell.starts_with('[') && bracket != std::string_view::npos) {
    if (row->name == CodeBook::kNone) {
      row->name = book_.names.Add(cell.substr(bracket + 1), &book_.notes);
    }
    cell = cell.substr(1, bracket - 1);
  }
  row->product = book_.product_codes.Add(cell, &book_.notes);
  if (row->product == CodeBook::kNone && row->name != CodeBook::kNone) {
    const std::string& name = book_.names.text(row->name);
    if (columns_.Has(Role::kProduct)) book_.notes.Add(Note::kNameAsCode, name);
    row->has_only_a_name = true;
    row->product = book_.product_codes.Add(name, &book_.notes);
  }
  if (row->product == CodeBook::kNone) {
    return Refuse(Role::kProduct, "is empty; give the product", row);
  }
  const std::string& problem = book_.product_codes.problem(row->product);
  if (!problem.empty()) Refuse(Role::kProduct, problem, row);
}

// Whether the row's time is so near to that of its order that midnight may be between them.
bool BookBuilder::IsNearOrder(const Row& row) const {
  const FlatOrder& order = book_.orders[row.order];
  if (row.moment.minute < 0 || order.first_time == FlatOrder::kNoTime) return false;
  const int32_t time = TimeOf(row.moment);
  return time >= order.first_time - kMaxOrderMinutes && time <= order.last_time + kMaxOrderMinutes;
}

void BookBuilder::CheckDay(Row* row) {
  FlatOrder& order = At(&book_.orders, row->order);
  if (!row->has_moment || !order.day_is_firm || order.day == row->moment.day) return;
  if (IsNearOrder(*row)) {
    book_.notes.Add(Note::kAfterMidnight, book_.order_codes.text(row->order));
    return;
  }
  Refuse(Role::kDate,
         absl::StrCat(schema::DateText(row->moment.day),
                      " differs from the order's earlier rows, which have ",
                      schema::DateText(order.day), "; give that date, or another order"),
         row);
}

void BookBuilder::CheckCustomer(Row* row) {
  const FlatOrder& order = At(&book_.orders, row->order);
  if (row->customer == CodeBook::kNone || order.customer == CodeBook::kNone) return;
  if (!order.customer_is_firm || order.customer == row->customer || row->customer_is_bad) return;
  Refuse(Role::kCustomer,
         absl::StrCat(Quoted(book_.customer_codes.text(row->customer)),
                      " differs from the order's earlier rows, which have ",
                      Quoted(book_.customer_codes.text(order.customer)),
                      "; give that customer, or another order"),
         row);
}

// Keeps day, customer and the like for the order. Those of a refused row are not firm: they give
// way to those of a row that is taken.
void BookBuilder::TakeHeader(const Row& row, bool is_firm) {
  FlatOrder& order = At(&book_.orders, row.order);
  if (row.has_moment && (is_firm ? !order.day_is_firm : !order.has_day)) {
    order.day = row.moment.day;
    order.has_day = true;
    order.day_is_firm = is_firm;
  }
  if (row.customer != CodeBook::kNone && !row.customer_is_bad &&
      (is_firm || order.customer == CodeBook::kNone)) {
    order.customer = row.customer;
    order.customer_is_firm = is_firm;
  }
  if (is_firm) TakeTime(row);
  Take(row.channel, &order.channel);
  Take(row.payment_type, &order.payment_type);
}

// The order is of the day on which its earliest row is.
void BookBuilder::TakeTime(const Row& row) {
  if (!row.has_moment || row.moment.minute < 0) return;
  FlatOrder& order = book_.orders[row.order];
  const int32_t time = TimeOf(row.moment);
  if (order.first_time == FlatOrder::kNoTime || time < order.first_time) {
    order.first_time = time;
    order.day = row.moment.day;
  }
  order.last_time = std::max(order.last_time, time);
}

void BookBuilder::TakeReturn(const Row& row) {
  FlatReturn& given = book_.returns.emplace_back();
  given.price_cents = row.units.price_cents;
  given.row = static_cast<uint32_t>(row.number);
  given.order = row.original != CodeBook::kNone ? row.original : row.order;
  given.names_original = row.original != CodeBook::kNone;
  given.product = row.product;
  given.customer = row.customer;
  given.quantity = row.units.quantity;
  given.is_by_amount = row.units.is_by_amount;
  given.has_only_a_name = row.has_only_a_name;
  if (row.has_moment) given.day = row.moment.day;
}

// Takes units that came back as the row of their purchase says.
void BookBuilder::TakeReturned(const Row& row) {
  FlatReturn& given = book_.returns.emplace_back();
  given.price_cents = row.units.price_cents;
  given.row = static_cast<uint32_t>(row.number);
  given.order = row.order;
  given.product = row.product;
  given.quantity = row.units.returned;
  given.is_of_line = true;
}

// Whether the row says in a column such as `type` that it is a return.
bool BookBuilder::IsReturnByKind(const Row& row) const {
  for (const KindColumn& column : conventions_.kinds) {
    if (!HasCell(row.cells, column.place, column.returns)) continue;
    book_.notes.Add(Note::kReturnByType, KindText(column, row.cells[column.place]));
    return true;
  }
  return false;
}

// Whether the row says that it is no sale of goods.
bool BookBuilder::IsNoSale(const Row& row) const {
  for (const KindColumn& column : conventions_.kinds) {
    if (!HasCell(row.cells, column.place, column.no_sales)) continue;
    book_.notes.Add(Note::kNoSale, KindText(column, row.cells[column.place]));
    return true;
  }
  return false;
}

// Notes a row whose till is not that of its order.
void BookBuilder::CheckTill(const Row& row, FlatOrder* order) {
  if (till_column_ < 0 || static_cast<size_t>(till_column_) >= row.cells.size()) return;
  const uint32_t till = key_parts_.Add(row.cells[till_column_], &book_.notes);
  if (till == CodeBook::kNone) return;
  if (order->till == CodeBook::kNone) order->till = till;
  if (order->till == till) return;
  book_.notes.Add(
      Note::kOtherTill,
      absl::StrCat(book_.order_codes.text(row.order), " (", columns_.header()[till_column_], " ",
                   key_parts_.text(order->till), " and ", key_parts_.text(till), ")"));
}

void BookBuilder::TakeLine(const Row& row) {
  TakeHeader(row, /*is_firm=*/true);
  FlatOrder& order = book_.orders[row.order];
  CheckTill(row, &order);
  const auto number = static_cast<uint32_t>(row.number);
  if (!order.lines.empty() && number - order.lines.back().row > kUsualOrderRows) {
    order.is_scattered = true;
  }
  TakeProduct(row);
  if (order.customer != CodeBook::kNone) {
    Take(row.city, &At(&book_.customers, order.customer).city);
  }
  TakeCustomerName(row);
  FlatLine& line = order.lines.emplace_back();
  line.price_cents = row.units.price_cents;
  line.row = number;
  line.product = row.product;
  line.quantity = row.units.quantity;
  line.total_offset = row.units.total_offset;
  if (row.units.cancelled > 0) book_.cancelled_units[number] = row.units.cancelled;
  if (row.units.returned > 0) TakeReturned(row);
}

// Keeps whether the customer is called by a name of the guest, as in `0,Walk-in customer`.
void BookBuilder::TakeCustomerName(const Row& row) {
  if (customer_name_column_ < 0 || row.customer == CodeBook::kNone) return;
  const auto place = static_cast<size_t>(customer_name_column_);
  FlatCustomer& customer = At(&book_.customers, row.customer);
  if (customer.has_own_name || place >= row.cells.size()) return;
  const std::string name = ShownText(row.cells[place]);
  if (NamesTheGuest(name)) {
    customer.guest_name = name;
  } else if (!IsEmptyCell(name)) {
    customer.has_own_name = true;
  }
}

void BookBuilder::TakeProduct(const Row& row) {
  FlatProduct& product = At(&book_.products, row.product);
  Take(row.category, &product.category);
  Take(row.brand, &product.brand);
  if (row.name == CodeBook::kNone) return;
  const auto known = std::find_if(product.names.begin(), product.names.end(),
                                  [&](const auto& name) { return name.first == row.name; });
  if (known == product.names.end()) {
    product.names.emplace_back(row.name, 1);
  } else {
    ++known->second;
  }
}

void BookBuilder::Lose(absl::Span<const std::string_view> cells) {
  last_order_ = CodeBook::kNone;
  lost_order_ = true;
  // A separator too many moves the cells behind it, but never the first one.
  const bool has_order = columns_.place(Role::kOrder) == 0 && !cells.empty();
  book_.has_lost_rows = book_.has_lost_rows || !has_order;
  if (!columns_.Has(Role::kOrder)) return;
  const uint32_t order = book_.order_codes.Add(columns_.Cell(cells, Role::kOrder), &book_.notes);
  if (order == CodeBook::kNone || !book_.order_codes.problem(order).empty()) {
    book_.has_lost_rows = true;
    return;
  }
  At(&book_.orders, order).lost_customer = true;
  At(&book_.orders, order).has_refused_rows = true;
  last_order_ = order;
  lost_order_ = false;
}

void BookBuilder::Finish(Refusals* refusals) {
  // The last codes of a book may occur in refused rows only, and then have no entry yet.
  book_.orders.resize(book_.order_codes.size());
  book_.products.resize(book_.product_codes.size());
  book_.customers.resize(book_.customer_codes.size());
  RefuseDatesAsCodes(columns_, &book_, refusals);
  RefuseIncompleteOrders(columns_, &book_, refusals);
  CompleteBook(parts_.pairs_are_one_line(), &book_);
}

}  // namespace clustr::ctl
