#include "tools/clustrctl/flat/file/order_file.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/importing/field_text.h"
#include "common/schema/date.h"
#include "common/schema/money.h"
#include "common/schema/validator.h"

namespace clustr::ctl {

using sales::v1::Sale;

namespace {

constexpr char kDelimiters[] = ",;\t";
constexpr int64_t kRowsBetweenProgress = 1000;

absl::Status FileError(const std::string& path, const absl::Status& status) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", status.message()));
}

// Turns `17850.0` into `17850`.
std::string_view WithoutEmptyFraction(std::string_view code) {
  const bool is_number = code.size() > 2 && code.ends_with(".0") &&
                         code.find_first_not_of("0123456789") == code.size() - 2;
  return is_number ? code.substr(0, code.size() - 2) : code;
}

// The entry with this number of a CodeBook in a vector that is indexed by it; grows the vector.
template <class Entry>
Entry& At(std::vector<Entry>* entries, uint32_t number) {
  if (number >= entries->size()) entries->resize(number + 1);
  return (*entries)[number];
}

}  // namespace

// One row: its cells as numbers and amounts, and what is wrong with it.
struct OrderFile::Row {
  const importing::CsvRow& csv;
  common::v1::RowError error;
  uint32_t order = CodeBook::kNone;
  uint32_t product = CodeBook::kNone;
  uint32_t customer = CodeBook::kNone;
  uint32_t name = CodeBook::kNone;
  uint32_t city = CodeBook::kNone;
  uint32_t category = CodeBook::kNone;
  uint32_t brand = CodeBook::kNone;
  uint32_t channel = CodeBook::kNone;
  uint32_t payment_type = CodeBook::kNone;
  int32_t quantity = 0;
  int64_t price_cents = 0;
  int32_t day = 0;
};

absl::StatusOr<OrderFile> OrderFile::Open(const std::string& path, const ColumnNames& names,
                                          std::optional<DayOrder> day_order) {
  absl::StatusOr<importing::CsvReader> reader = importing::CsvReader::Open(path, kDelimiters);
  if (!reader.ok()) return FileError(path, reader.status());
  absl::StatusOr<FlatColumns> columns = FlatColumns::Bind(reader->header(), names);
  if (!columns.ok()) return FileError(path, columns.status());
  const DayOrder natural = columns->has_uci_dates() ? DayOrder::kMonthFirst : DayOrder::kYearFirst;
  return OrderFile(path, *std::move(reader), *std::move(columns), day_order.value_or(natural));
}

absl::Status OrderFile::Read(absl::FunctionRef<void(int64_t rows, int64_t bytes)> progress,
                             OrderBook* book, Refusals* refusals) {
  importing::CsvRow row;
  while (true) {
    const absl::StatusOr<bool> found = reader_.Next(&row);
    if (!found.ok()) return FileError(path_, found.status());
    if (!*found) break;
    ++book->rows;
    if (row.error.empty()) {
      ReadRow(row, book, refusals);
    } else {
      refusals->Add(row.number, "", std::string(row.error));
    }
    if (book->rows % kRowsBetweenProgress == 0) progress(book->rows, reader_.bytes_read());
  }
  // The last codes of a book may occur in refused rows only, and then have no entry yet.
  book->orders.resize(book->order_codes.size());
  book->products.resize(book->product_codes.size());
  book->customers.resize(book->customer_codes.size());
  for (FlatOrder& order : book->orders) order.lines.shrink_to_fit();
  return absl::OkStatus();
}

void OrderFile::ReadRow(const importing::CsvRow& csv, OrderBook* book, Refusals* refusals) {
  Row row{csv, {}};
  row.order = ReadText(Role::kOrder, true, &book->order_codes, &row);
  row.product = ReadText(Role::kProduct, true, &book->product_codes, &row);
  row.name = ReadText(Role::kDescription, false, &book->names, &row);
  row.customer = ReadText(Role::kCustomer, false, &book->customer_codes, &row);
  row.city = ReadText(Role::kCity, false, &book->cities, &row);
  row.category = ReadText(Role::kCategory, false, &book->categories, &row);
  row.brand = ReadText(Role::kBrand, false, &book->brands, &row);
  row.channel = ReadText(Role::kChannel, false, &book->channels, &row);
  row.payment_type = ReadText(Role::kPaymentType, false, &book->payment_types, &row);
  ReadUnits(&row);
  ReadDay(*book, &row);
  CheckCustomer(*book, &row);
  if (row.error.violations_size() == 0) return Accept(row, book);
  row.error.set_row(csv.number);
  refusals->Add(std::move(row.error));
}

void OrderFile::Refuse(Role role, std::string description, Row* row) const {
  auto* violation = row->error.add_violations();
  violation->set_field(columns_.Name(role));
  violation->set_description(std::move(description));
  violation->set_reason(std::string(ReasonName(common::v1::ERROR_REASON_FIELD_INVALID)));
}

uint32_t OrderFile::ReadText(Role role, bool required, CodeBook* texts, Row* row) const {
  std::string_view cell = columns_.Cell(row->csv.cells, role);
  if (role == Role::kCustomer) cell = WithoutEmptyFraction(cell);
  if (cell.empty()) {
    if (required) Refuse(role, absl::StrCat("is empty; give the ", RoleName(role)), row);
    return CodeBook::kNone;
  }
  const uint32_t number = texts->Add(cell);
  if (!texts->problem(number).empty()) Refuse(role, texts->problem(number), row);
  return number;
}

void OrderFile::ReadUnits(Row* row) {
  const std::string_view quantity = columns_.Cell(row->csv.cells, Role::kQuantity);
  const std::string_view price = columns_.Cell(row->csv.cells, Role::kPrice);
  const auto set = [&](Role role, std::string_view cell) {
    std::string why = absl::StrCat("is empty; give the ", RoleName(role));
    if (!cell.empty()) {
      why.clear();
      importing::SetFieldFromText(cell, RoleField(role), &sale_, &why);
    }
    if (!why.empty()) Refuse(role, std::move(why), row);
  };
  sale_.Clear();
  set(Role::kQuantity, quantity);
  set(Role::kPrice, price);
  if (row->error.violations_size() > 0) return;
  row->quantity = sale_.quantity();
  if (row->quantity == 0) {
    return Refuse(Role::kQuantity,
                  absl::StrCat(Quoted(absl::string_view(quantity.data(), quantity.size())),
                               " is not a quantity; give at least 1, or less than 0 for a return"),
                  row);
  }
  // INT32_MIN has no positive counterpart.
  sale_.set_quantity(std::abs(std::max(row->quantity, -INT32_MAX)));
  std::vector<Violation> violations;
  schema::ValidatorOf<Sale>().Check(sale_, "", &violations);
  for (Violation& violation : violations) {
    const bool of_quantity = violation.field == RoleField(Role::kQuantity).name();
    Refuse(of_quantity ? Role::kQuantity : Role::kPrice, std::move(violation.description), row);
  }
  if (violations.empty()) row->price_cents = *schema::CentsOf(sale_.unit_price());
}

void OrderFile::ReadDay(const OrderBook& book, Row* row) const {
  const bool known = row->order < book.orders.size() && book.orders[row->order].has_day;
  const std::string_view cell = columns_.Cell(row->csv.cells, Role::kDate);
  if (cell.empty()) {
    if (known) {
      row->day = book.orders[row->order].day;
    } else {
      Refuse(Role::kDate, "is empty, and no earlier row of the order has one; give the date", row);
    }
    return;
  }
  std::string why;
  if (!ParseDay(cell, day_order_, &row->day, &why)) return Refuse(Role::kDate, why, row);
  if (known && book.orders[row->order].day != row->day) {
    Refuse(Role::kDate,
           absl::StrCat(
               schema::DateText(row->day), " differs from the order's earlier rows, which have ",
               schema::DateText(book.orders[row->order].day), "; give that date, or another order"),
           row);
  }
}

void OrderFile::CheckCustomer(const OrderBook& book, Row* row) const {
  if (row->order >= book.orders.size() || row->customer == CodeBook::kNone) return;
  const uint32_t known = book.orders[row->order].customer;
  if (known == CodeBook::kNone || known == row->customer) return;
  Refuse(Role::kCustomer,
         absl::StrCat(Quoted(book.customer_codes.text(row->customer)),
                      " differs from the order's earlier rows, which have ",
                      Quoted(book.customer_codes.text(known)),
                      "; give that customer, or another order"),
         row);
}

void OrderFile::Accept(const Row& row, OrderBook* book) {
  const auto row_number = static_cast<uint32_t>(row.csv.number);
  const auto take = [](uint32_t given, uint32_t* kept) {
    if (given != CodeBook::kNone) *kept = given;
  };
  FlatOrder& order = At(&book->orders, row.order);
  order.day = row.day;
  order.has_day = true;
  take(row.customer, &order.customer);
  take(row.channel, &order.channel);
  take(row.payment_type, &order.payment_type);
  if (row.quantity < 0) {
    book->returns.push_back({row.price_cents, row_number, row.order, row.product, -row.quantity});
    return;
  }
  FlatProduct& product = At(&book->products, row.product);
  if (product.first_row == 0) product.first_row = row_number;
  take(row.category, &product.category);
  take(row.brand, &product.brand);
  if (row.name != CodeBook::kNone) {
    const auto known = std::find_if(product.names.begin(), product.names.end(),
                                    [&](const auto& name) { return name.first == row.name; });
    if (known == product.names.end()) {
      product.names.emplace_back(row.name, 1);
    } else {
      ++known->second;
    }
  }
  if (row.price_cents > 0 && row.day >= product.price_day) {
    product.price_cents = row.price_cents;
    product.price_day = row.day;
  }
  if (row.customer != CodeBook::kNone) {
    FlatCustomer& customer = At(&book->customers, row.customer);
    if (customer.first_row == 0) customer.first_row = row_number;
    take(row.city, &customer.city);
  }
  FlatLine& line = order.lines.emplace_back();
  line.price_cents = row.price_cents;
  line.row = row_number;
  line.product = row.product;
  line.quantity = row.quantity;
}

}  // namespace clustr::ctl
