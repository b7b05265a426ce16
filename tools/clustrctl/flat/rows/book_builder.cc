#include "tools/clustrctl/flat/rows/book_builder.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/schema/date.h"
#include "tools/clustrctl/flat/rows/book_completion.h"
#include "tools/clustrctl/flat/rows/header_of_order.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {

BookBuilder::BookBuilder(const FlatColumns* columns, const RowFilter* filter,
                         const RowFilter* form_filter, const DaySettings& days,
                         const Conventions& conventions, ItemParts* parts, OrderBook* book)
    : columns_(*columns),
      conventions_(conventions),
      in_{*columns, conventions_, *book},
      parts_(*parts),
      book_(*book),
      day_(days.day),
      days_(days, conventions.day_order, conventions.refuse_serials, conventions.cut_date),
      units_(columns, conventions.marks, &book->notes),
      orders_(&in_),
      fate_(&in_, filter, form_filter, parts),
      taker_(&in_) {}

BookBuilder::Fate BookBuilder::Read(int64_t number, absl::Span<const std::string_view> cells,
                                    common::v1::RowError* error) {
  FileRow row{number, cells, error};
  ReadMoment(&row);
  orders_.ReadOriginal(&row);
  bool has_order = orders_.Read(&row);
  if (!fate_.Counts(row)) return Skip(&row);
  ReadHeader(&row);
  if (has_order && error->violations().empty() && fate_.IsHeaderOfOrder(row)) {
    TakeHeader(in_, row, /*is_firm=*/true);
    ++book_.header_rows;
    book_.notes.Add(Note::kNoLine, absl::StrCat("row ", number));
    return Fate::kSkipped;
  }
  ReadProduct(&row);
  row.category = ReadText(Role::kCategory, &book_.categories, &row);
  row.brand = ReadText(Role::kBrand, &book_.brands, &row);
  units_.Read(cells, &row.units,
              [&](Role role, std::string why) { in_.Refuse(role, std::move(why), &row); });
  if (!row.units.is_return && fate_.IsReturnByKind(row)) row.units.is_return = true;
  orders_.CheckOriginal(&row);
  if (row.units.is_cancelled && error->violations().empty()) {
    if (has_order) {
      TakeHeader(in_, row, /*is_firm=*/false);
      book_.orders[row.order].has_cancelled_rows = true;
    }
    ++book_.unwanted;
    return Fate::kSkipped;
  }
  if (has_order && row.is_continued) has_order = orders_.CheckContinued(&row);
  if (has_order && !row.units.is_return) CheckHeader(in_, &row);
  if (!error->violations().empty()) return Refuse(has_order, &row);
  row.units.is_return ? taker_.TakeReturn(row) : taker_.TakeLine(row);
  return Fate::kTaken;
}

BookBuilder::Fate BookBuilder::Skip(FileRow* row) {
  row->error->clear_violations();
  return Fate::kSkipped;
}

// Refuses the row, and keeps for its order what its good cells say.
BookBuilder::Fate BookBuilder::Refuse(bool has_order, FileRow* row) {
  row->error->set_row(row->number);
  if (!has_order) return Fate::kLost;
  if (!row->units.is_return) TakeHeader(in_, *row, /*is_firm=*/false);
  FlatOrder& order = EntryAt(&book_.orders, row->order);
  if (row->customer_is_bad) order.lost_customer = true;
  order.has_refused_rows = true;
  return Fate::kRefused;
}

// Reads what a row says of its order.
void BookBuilder::ReadHeader(FileRow* row) {
  row->customer = ReadText(Role::kCustomer, &book_.customer_codes, row);
  row->customer_is_bad =
      row->customer != CodeBook::kNone && !book_.customer_codes.problem(row->customer).empty();
  row->channel = ReadText(Role::kChannel, &book_.channels, row);
  row->payment_type = ReadText(Role::kPaymentType, &book_.payment_types, row);
  row->city = ReadText(Role::kCity, &book_.cities, row);
}

void BookBuilder::ReadMoment(FileRow* row) {
  if (day_.has_value() && !columns_.Has(Role::kDate)) {
    row->moment.day = *day_;
    row->has_moment = true;
    return;
  }
  const std::string_view cell = in_.Cell(Role::kDate, *row);
  if (cell.empty()) return;
  if (IsEmptyCell(cell)) return;
  std::string why;
  row->has_moment = days_.Read(cell, &row->moment, &why);
  if (row->has_moment && columns_.Has(Role::kTime)) ReadTime(row);
  if (!row->has_moment) {
    in_.Refuse(Role::kDate, std::move(why), row);
  } else if (days_.IsFuture(row->moment.day)) {
    book_.notes.Add(Note::kFutureDay, schema::DateText(row->moment.day));
  }
}

// Databases write 00:00 behind a date whose time stands in a column of its own.
void BookBuilder::ReadTime(FileRow* row) {
  const std::string_view cell = in_.Cell(Role::kTime, *row);
  if (row->moment.minute > 0 || IsEmptyCell(cell)) return;
  std::string why;
  if (!days_.AddTime(cell, &row->moment, &why)) in_.Refuse(Role::kTime, std::move(why), row);
}

uint32_t BookBuilder::ReadText(Role role, CodeBook* texts, FileRow* row) {
  const uint32_t number = texts->Add(in_.Cell(role, *row), &book_.notes);
  if (number != CodeBook::kNone && !texts->problem(number).empty()) {
    in_.Refuse(role, texts->problem(number), row);
  }
  return number;
}

void BookBuilder::ReadProduct(FileRow* row) {
  row->name = ReadText(Role::kDescription, &book_.names, row);
  std::string_view cell = in_.Cell(Role::kProduct, *row);
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
    return in_.Refuse(Role::kProduct, "is empty; give the product", row);
  }
  const std::string& problem = book_.product_codes.problem(row->product);
  if (!problem.empty()) in_.Refuse(Role::kProduct, problem, row);
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
