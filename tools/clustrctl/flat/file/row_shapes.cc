#include "tools/clustrctl/flat/file/row_shapes.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/clustrctl/flat/columns/row_shift.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

// Whether a text is one of the words for "total", alone or, with `more`, followed by others.
bool IsTotal(std::string_view cell, bool more) {
  static constexpr std::array<const char*, 14> kWords = {
      "total", "grand total", "subtotal",      "sub total", "sum",
      "summe", "gesamt",      "zwischensumme", "totale",    "totaal",
      "suma",  "totales",     "total général", "insgesamt"};
  const absl::string_view text(cell.data(), cell.size());
  return std::any_of(kWords.begin(), kWords.end(), [&](const char* total) {
    if (!absl::StartsWithIgnoreCase(text, total)) return false;
    const absl::string_view rest = text.substr(std::string_view(total).size());
    return rest.empty() || rest == ":" || (more && absl::StrContains(" :.(", rest.substr(0, 1)));
  });
}

}  // namespace

void RowShapes::SetHeader(absl::Span<const std::string_view> cells, size_t width) {
  header_.assign(cells.begin(), cells.end());
  width_ = width;
}

std::string RowShapes::WhyTooWide(absl::Span<const std::string_view> cells, char separator) const {
  const size_t width = columns_.header().size();
  if (cells.size() <= width) return "";
  const auto surplus = cells.subspan(width);
  const bool blank = std::all_of(surplus.begin(), surplus.end(),
                                 [](std::string_view cell) { return Trimmed(cell).empty(); });
  if (blank && (cells.size() <= width_ || !MayBeShifted(cells, columns_, separator))) return "";
  if (blank) {
    return absl::StrCat("has ", cells.size(), " cells where the header has ", width,
                        ", and the last is empty, so a ", separator == ',' ? "comma" : "separator",
                        " inside a cell may have moved the values; put that cell into quotes, or "
                        "take away the surplus at the end of the row");
  }
  return absl::StrCat("has ", cells.size(), " cells where the header has ", width,
                      "; complete the row, and put a cell with a ",
                      separator == ',' ? "comma" : "separator", " into quotes");
}

bool RowShapes::IsHeaderAgain(absl::Span<const std::string_view> cells) const {
  return !header_.empty() && cells.size() == header_.size() &&
         std::equal(header_.begin(), header_.end(), cells.begin());
}

bool RowShapes::IsSummary(absl::Span<const std::string_view> cells) const {
  const bool has_product = !columns_.Cell(cells, Role::kProduct).empty() ||
                           !columns_.Cell(cells, Role::kDescription).empty();
  // `Total` may also stand where the product is, in a row that has neither order nor date.
  const bool has_header =
      !columns_.Cell(cells, Role::kOrder).empty() || !columns_.Cell(cells, Role::kDate).empty();
  if (has_product && has_header) return false;
  for (const std::string_view cell : cells) {
    const std::string_view text = Trimmed(cell);
    // A product may be called "Total care".
    if (!text.empty()) return IsTotal(text, /*more=*/!has_product);
  }
  return false;
}

bool RowShapes::MayBeFooter(absl::Span<const std::string_view> cells) const {
  const auto blank = [&](Role role) { return Trimmed(columns_.Cell(cells, role)).empty(); };
  const auto texts = std::count_if(cells.begin(), cells.end(),
                                   [](std::string_view cell) { return !Trimmed(cell).empty(); });
  return (columns_.header().size() > 2 && texts == 1) ||
         (blank(Role::kProduct) && blank(Role::kDescription) && blank(Role::kDate) &&
          blank(Role::kOrder));
}

}  // namespace clustr::ctl
