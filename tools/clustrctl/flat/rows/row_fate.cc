#include "tools/clustrctl/flat/rows/row_fate.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/clustrctl/flat/kinds/column_values.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

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

}  // namespace

bool RowFate::Counts(const FileRow& row) {
  if (!CameAbout(row)) {
    ++in_.book.unwanted;
    return false;
  }
  if (parts_.IsCountedElsewhere(row.cells, HasPrice(row))) {
    ++in_.book.part_rows;
    in_.book.notes.Add(Note::kPartOfItem, absl::StrCat("row ", row.number));
    return false;
  }
  if (!IsNoSale(row)) return true;
  ++in_.book.unwanted;
  return false;
}

// Whether --where and the form let the row count. Rows whose cells are empty follow their order.
bool RowFate::CameAbout(const FileRow& row) {
  if (!filter_.any() && !form_filter_.any()) return true;
  FlatOrder* order = row.order == CodeBook::kNone ? nullptr : &EntryAt(&in_.book.orders, row.order);
  const bool wanted = Fits(filter_, row, order == nullptr ? nullptr : &order->wanted);
  // An order is remembered as void even if --where does not want this row of it.
  const bool came_about = Fits(form_filter_, row, order == nullptr ? nullptr : &order->came_about);
  if (wanted && !came_about) {
    in_.book.notes.Add(Note::kNeverCameAbout, OnOneLine(form_filter_.Reason(row.cells)));
  }
  return wanted && came_about;
}

// Whether the filter lets the row count; `earlier` is what it said to earlier rows of its order.
bool RowFate::Fits(const RowFilter& filter, const FileRow& row, RowFilter::Verdict* earlier) {
  RowFilter::Verdict verdict = filter.Check(row.cells);
  if (verdict == RowFilter::Verdict::kRowDoesNot) return false;
  if (earlier != nullptr) {
    if (verdict == RowFilter::Verdict::kOpen) verdict = *earlier;
    *earlier = verdict;
  }
  return verdict == RowFilter::Verdict::kCounts ||
         (verdict == RowFilter::Verdict::kOpen && filter.empty_cells_fit());
}

bool RowFate::IsHeaderOfOrder(const FileRow& row) const {
  const auto blank = [&](Role role) { return IsEmptyCell(in_.Cell(role, row)); };
  if (!blank(Role::kProduct) || !blank(Role::kDescription) || blank(Role::kOrder)) return false;
  const bool has_units = in_.columns.Has(Role::kQuantity) || in_.columns.Has(Role::kPrice);
  const bool no_units = blank(Role::kQuantity) && blank(Role::kPrice) && blank(Role::kTotal);
  // A row with an order number alone may have been cut off behind it.
  const bool has_header = !blank(Role::kDate) || !blank(Role::kCustomer);
  return in_.columns.preset() == "eBay" || (has_units && no_units && has_header);
}

// Whether a price or total is above or below 0.
bool RowFate::HasPrice(const FileRow& row) const {
  const auto has = [&](Role role) {
    return in_.Cell(role, row).find_first_of("123456789") != std::string_view::npos;
  };
  return has(Role::kPrice) || has(Role::kTotal);
}

bool RowFate::IsReturnByKind(const FileRow& row) const {
  for (const auto& [place, condition] : in_.conventions.returns) {
    if (place >= row.cells.size()) continue;
    const std::string text = ShownText(row.cells[place]);
    if (!FitsCondition(condition, text)) continue;
    in_.book.notes.Add(Note::kReturnByType, absl::StrCat(condition.column, " = ", text));
    return true;
  }
  for (const KindColumn& column : in_.conventions.kinds) {
    if (!HasCell(row.cells, column.place, column.returns)) continue;
    in_.book.notes.Add(Note::kReturnByType, KindText(column, row.cells[column.place]));
    return true;
  }
  return false;
}

// Whether the row says that it is no sale of goods.
bool RowFate::IsNoSale(const FileRow& row) const {
  for (const KindColumn& column : in_.conventions.kinds) {
    if (!HasCell(row.cells, column.place, column.no_sales)) continue;
    in_.book.notes.Add(Note::kNoSale, KindText(column, row.cells[column.place]));
    return true;
  }
  return false;
}

}  // namespace clustr::ctl
