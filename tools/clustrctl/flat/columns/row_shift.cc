#include "tools/clustrctl/flat/columns/row_shift.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "tools/clustrctl/flat/values/amount_text.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr size_t kMostJoins = 3;

bool MayBeNumber(std::string_view text) {
  return ParseAmount(text, DecimalMark::kDot).has_value() ||
         ParseAmount(text, DecimalMark::kComma).has_value();
}

bool MayBeDate(std::string_view text) {
  return text.size() >= 6 && std::count_if(text.begin(), text.end(), absl::ascii_isdigit) >= 4;
}

// Whether the columns find in the row what they need.
bool Fits(const std::vector<std::string>& row, const FlatColumns& columns) {
  const auto cell = [&](Role role) -> std::string_view { return row[columns.place(role)]; };
  for (const Role role : {Role::kQuantity, Role::kPrice, Role::kTotal}) {
    if (columns.Has(role) && !MayBeNumber(cell(role))) return false;
  }
  return !columns.Has(Role::kDate) || MayBeDate(cell(Role::kDate));
}

// The last column of numbers or dates. Behind it are texts, and a separator inside of one of them
// moves nothing that could be taken for something else.
size_t LastChecked(const FlatColumns& columns) {
  size_t last = 0;
  for (const Role role : {Role::kQuantity, Role::kPrice, Role::kTotal, Role::kDate}) {
    if (columns.Has(role)) last = std::max(last, static_cast<size_t>(columns.place(role)));
  }
  return last;
}

// Whether joining `joins` more pairs of cells from place `from` on, each with text, gives a row.
bool FitsJoined(std::vector<std::string> row, size_t from, size_t joins, const FlatColumns& columns,
                char separator) {
  if (joins == 0) return Fits(row, columns);
  for (size_t i = from; i <= LastChecked(columns) && i + 1 < row.size(); ++i) {
    if (row[i].empty() || row[i + 1].empty()) continue;
    const bool is_date =
        columns.Has(Role::kDate) && i == static_cast<size_t>(columns.place(Role::kDate));
    if (is_date && MayBeDate(row[i])) continue;  // It is complete.
    std::vector<std::string> joined = row;
    joined[i] += separator + row[i + 1];
    joined.erase(joined.begin() + static_cast<ptrdiff_t>(i) + 1);
    if (FitsJoined(std::move(joined), i, joins - 1, columns, separator)) return true;
  }
  return false;
}

}  // namespace

bool MayBeShifted(absl::Span<const std::string_view> cells, const FlatColumns& columns,
                  char separator) {
  const size_t width = columns.header().size();
  if (cells.size() <= width || cells.size() - width > kMostJoins) return false;
  std::vector<std::string> row;
  for (const std::string_view cell : cells) row.emplace_back(Trimmed(cell));
  return FitsJoined(std::move(row), 0, cells.size() - width, columns, separator);
}

}  // namespace clustr::ctl
