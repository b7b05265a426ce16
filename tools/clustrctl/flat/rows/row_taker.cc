#include "tools/clustrctl/flat/rows/row_taker.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/clustrctl/flat/rows/header_of_order.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

// Rows farther apart in the file may belong to two orders with the same number.
constexpr uint32_t kUsualOrderRows = 100;

}  // namespace

void RowTaker::TakeLine(const FileRow& row) {
  TakeHeader(in_, row, /*is_firm=*/true);
  FlatOrder& order = in_.book.orders[row.order];
  CheckTill(row, &order);
  const auto number = static_cast<uint32_t>(row.number);
  if (!order.lines.empty() && number - order.lines.back().row > kUsualOrderRows) {
    order.is_scattered = true;
  }
  TakeProduct(row);
  if (order.customer != CodeBook::kNone) {
    TakeNumber(row.city, &EntryAt(&in_.book.customers, order.customer).city);
  }
  TakeCustomerName(row);
  FlatLine& line = order.lines.emplace_back();
  line.price_cents = row.units.price_cents;
  line.row = number;
  line.product = row.product;
  line.quantity = row.units.quantity;
  line.total_offset = row.units.total_offset;
  if (row.units.cancelled > 0) in_.book.cancelled_units[number] = row.units.cancelled;
  if (row.units.returned > 0) TakeReturned(row);
}

void RowTaker::TakeReturn(const FileRow& row) {
  FlatReturn& given = in_.book.returns.emplace_back();
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
void RowTaker::TakeReturned(const FileRow& row) {
  FlatReturn& given = in_.book.returns.emplace_back();
  given.price_cents = row.units.price_cents;
  given.row = static_cast<uint32_t>(row.number);
  given.order = row.order;
  given.product = row.product;
  given.quantity = row.units.returned;
  given.is_of_line = true;
}

// Notes a row whose till is not that of its order.
void RowTaker::CheckTill(const FileRow& row, FlatOrder* order) {
  if (till_column_ < 0 || static_cast<size_t>(till_column_) >= row.cells.size()) return;
  const uint32_t till = tills_.Add(row.cells[till_column_], &in_.book.notes);
  if (till == CodeBook::kNone) return;
  if (order->till == CodeBook::kNone) order->till = till;
  if (order->till == till) return;
  in_.book.notes.Add(
      Note::kOtherTill,
      absl::StrCat(in_.book.order_codes.text(row.order), " (", in_.columns.header()[till_column_],
                   " ", tills_.text(order->till), " and ", tills_.text(till), ")"));
}

// Keeps whether the customer is called by a name of the guest, as in `0,Walk-in customer`.
void RowTaker::TakeCustomerName(const FileRow& row) {
  if (customer_name_column_ < 0 || row.customer == CodeBook::kNone) return;
  const auto place = static_cast<size_t>(customer_name_column_);
  FlatCustomer& customer = EntryAt(&in_.book.customers, row.customer);
  if (customer.has_own_name || place >= row.cells.size()) return;
  const std::string name = ShownText(row.cells[place]);
  if (NamesTheGuest(name)) {
    customer.guest_name = name;
  } else if (!IsEmptyCell(name)) {
    customer.has_own_name = true;
  }
}

void RowTaker::TakeProduct(const FileRow& row) {
  FlatProduct& product = EntryAt(&in_.book.products, row.product);
  TakeNumber(row.category, &product.category);
  TakeNumber(row.brand, &product.brand);
  if (row.name == CodeBook::kNone) return;
  const auto known = std::find_if(product.names.begin(), product.names.end(),
                                  [&](const auto& name) { return name.first == row.name; });
  if (known == product.names.end()) {
    product.names.emplace_back(row.name, 1);
  } else {
    ++known->second;
  }
}

}  // namespace clustr::ctl
