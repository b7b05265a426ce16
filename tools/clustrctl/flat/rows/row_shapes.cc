#include "tools/clustrctl/flat/rows/row_shapes.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/columns/row_shift.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr std::string_view kSeparators = ",;\t|";

std::string LowerText(std::string_view cell) {
  bool legacy = false;
  return absl::AsciiStrToLower(Utf8Text(Trimmed(cell), &legacy));
}

// Whether a cell without white space around is this name.
bool IsName(const std::string& name, std::string_view text) {
  return name.size() == text.size() &&
         absl::EqualsIgnoreCase(name, absl::string_view(text.data(), text.size()));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The words for "total", in lower case. The longest ones come first, since others begin like them.
constexpr std::array<const char*, 58> kTotals = {"page total",
                                                 "page subtotal",
                                                 "carried forward",
                                                 "brought forward",
                                                 "seitensumme",
                                                 "übertrag",
                                                 "total général",
                                                 "total general",
                                                 "totale generale",
                                                 "total geral",
                                                 "grand total",
                                                 "sub total",
                                                 "sub-total",
                                                 "subtotal",
                                                 "sous-total",
                                                 "sous total",
                                                 "day total",
                                                 "daily total",
                                                 "order total",
                                                 "subtotaal",
                                                 "eindtotaal",
                                                 "totaux",
                                                 "totales",
                                                 "totals",
                                                 "totale",
                                                 "totaal",
                                                 "totalt",
                                                 "totali",
                                                 "total",
                                                 "gesamtsumme",
                                                 "gesamtbetrag",
                                                 "gesamt",
                                                 "zwischensumme",
                                                 "tagessumme",
                                                 "tagesumsatz",
                                                 "wochensumme",
                                                 "monatssumme",
                                                 "jahressumme",
                                                 "endsumme",
                                                 "endbetrag",
                                                 "summe",
                                                 "insgesamt",
                                                 "suma",
                                                 "summa",
                                                 "somme",
                                                 "somma",
                                                 "soma",
                                                 "sum",
                                                 "razem",
                                                 "celkem",
                                                 "ukupno",
                                                 "toplam",
                                                 "yhteensä",
                                                 "összesen",
                                                 "итого",
                                                 "всего",
                                                 "合計",
                                                 "小計"};

// What follows the word for "total" in a text; unset if the text does not begin with one.
bool BeginsWithTotal(absl::string_view text, absl::string_view* rest) {
  for (const char* const total : kTotals) {
    if (!absl::StartsWith(text, total)) continue;
    *rest = text.substr(absl::string_view(total).size());
    if (rest->empty() || absl::StrContains(" :.(", rest->substr(0, 1))) return true;
  }
  return false;
}

// Whether the cell cannot begin like a word for "total" in any case.
bool IsNoTotal(std::string_view text) {
  static constexpr std::string_view kFirst = "bcdegijmoprstuwyz";
  const char first = absl::ascii_tolower(static_cast<unsigned char>(text.front()));
  return absl::ascii_isascii(static_cast<unsigned char>(first)) &&
         kFirst.find(first) == std::string_view::npos;
}

// Whether a text is one of the words for "total", alone or, with `more`, followed by others.
bool IsTotal(std::string_view cell, bool more) {
  if (IsNoTotal(cell)) return false;
  const std::string text = LowerText(cell);
  absl::string_view rest;
  return BeginsWithTotal(text, &rest) && (rest.empty() || rest == ":" || more);
}

// Whether a text is "Total for 2025-07-21" or the like: a word for "total" and the day that it is
// of. A product may be called "Total 2000".
bool IsTotalOf(std::string_view cell) {
  static constexpr std::array<const char*, 12> kOf = {":",     " for ", " of ",  " on ",
                                                      " vom ", " am ",  " für ", " du ",
                                                      " de ",  " del ", " per ", " pour "};
  if (IsNoTotal(cell)) return false;
  const std::string text = LowerText(cell);
  absl::string_view rest;
  if (!BeginsWithTotal(text, &rest) || std::none_of(rest.begin(), rest.end(), IsDigit))
    return false;
  return std::any_of(kOf.begin(), kOf.end(),
                     [&](const char* of) { return absl::StartsWith(rest, of); });
}

// Whether a cell has nothing but dashes and the like, as rows under a header have.
bool IsRule(std::string_view text) {
  return text.find_first_not_of("-=+:_*. ") == std::string_view::npos;
}

// Whether a text is a whole line: it has the separators of `width` cells, or of at least three if
// it begins with a digit. Those of prose are followed by a space.
bool IsWholeLine(std::string_view text, size_t width) {
  for (const char separator : kSeparators) {
    size_t count = 0;
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      if (text[i] == separator && text[i + 1] != ' ') ++count;
    }
    if (count + 1 >= width && width > 2) return true;
    if (count >= 2 && IsDigit(text.front())) return true;
  }
  return false;
}

}  // namespace

void RowShapes::SetHeader(absl::Span<const std::string_view> cells, size_t width) {
  header_.clear();
  for (const std::string_view cell : cells) header_.emplace_back(Trimmed(cell));
  width_ = width;
}

std::string RowShapes::WhyUnfit(absl::Span<const std::string_view> cells, char separator) const {
  const size_t width = columns_.header().size();
  if (cells.size() == 1 && width > 2 && IsWholeLine(Trimmed(cells[0]), width)) {
    return absl::StrCat(
        Quoted(absl::string_view(cells[0].data(), std::min<size_t>(cells[0].size(), 60))),
        " is a whole line in one cell, since it was quoted as a whole or has another separator "
        "than the header; write it as the other rows are written");
  }
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

bool RowShapes::NamesAColumn(std::string_view cell) const {
  const std::string_view text = Trimmed(cell);
  return !text.empty() && std::any_of(header_.begin(), header_.end(),
                                      [&](const std::string& name) { return IsName(name, text); });
}

bool RowShapes::IsHeaderAgain(absl::Span<const std::string_view> cells) const {
  if (header_.empty() || cells.size() != header_.size()) return false;
  return std::equal(header_.begin(), header_.end(), cells.begin(),
                    [](const std::string& name, std::string_view cell) {
                      return cell.size() >= name.size() && IsName(name, Trimmed(cell));
                    });
}

bool RowShapes::IsOtherHeader(absl::Span<const std::string_view> cells) const {
  // Rows that begin with the names of two columns are rare.
  if (cells.size() < 3 || !NamesAColumn(cells[0]) || !NamesAColumn(cells[1])) return false;
  const auto named = std::count_if(cells.begin(), cells.end(),
                                   [&](std::string_view cell) { return NamesAColumn(cell); });
  return named >= 3 && 2 * static_cast<size_t>(named) > cells.size() && !IsHeaderAgain(cells);
}

bool RowShapes::IsSummary(absl::Span<const std::string_view> cells) const {
  const std::string_view product = columns_.Cell(cells, Role::kProduct);
  const std::string_view name = columns_.Cell(cells, Role::kDescription);
  const bool has_product = !product.empty() || !name.empty();
  const auto blank = [&](Role role) { return Trimmed(columns_.Cell(cells, role)).empty(); };
  // Without a column of orders, customer and day are the order.
  const bool has_order = columns_.Has(Role::kOrder)
                             ? !blank(Role::kOrder)
                             : !blank(Role::kCustomer) && !blank(Role::kDate);
  const bool is_order_line = has_product && has_order;
  if (is_order_line && !IsRule(product.empty() ? name : product)) return false;
  std::string_view first;
  bool is_rule = true;
  size_t dashes = 0;
  for (const std::string_view cell : cells) {
    const std::string_view text = Trimmed(cell);
    if (text.empty()) continue;
    if (first.empty()) first = text;
    is_rule = is_rule && IsRule(text);
    dashes += text.size();
  }
  if (first.empty()) return false;
  if (is_rule && dashes >= 3) return true;
  if (is_order_line) return false;
  // A product may be called "Total care", but not "Total for 2025-07-21" in a row without an order.
  if (has_product && columns_.Has(Role::kOrder)) {
    const std::string_view text = Trimmed(Trimmed(product).empty() ? name : product);
    if (!text.empty() && (IsTotal(text, /*more=*/false) || IsTotalOf(text))) return true;
  }
  if (IsTotal(first, /*more=*/!has_product)) return true;
  // The word may also stand behind the figures.
  return !has_product && !has_order &&
         std::any_of(cells.begin(), cells.end(),
                     [](std::string_view cell) { return NamesATotal(Trimmed(cell)); });
}

bool RowShapes::MayBeFooter(absl::Span<const std::string_view> cells) const {
  const auto blank = [&](Role role) { return Trimmed(columns_.Cell(cells, role)).empty(); };
  if (blank(Role::kProduct) && blank(Role::kDescription) && blank(Role::kDate) &&
      blank(Role::kOrder)) {
    return true;
  }
  std::string_view only;
  for (const std::string_view cell : cells) {
    const std::string_view text = Trimmed(cell);
    if (text.empty()) continue;
    if (!only.empty()) return false;
    only = text;
  }
  if (columns_.header().size() <= 2 || only.empty()) return false;
  // A row that was cut off behind its order number is no footer. Numbers have digits; a footer is
  // prose, or a word such as `End`.
  return blank(Role::kOrder) || only.find(' ') != std::string_view::npos ||
         std::none_of(only.begin(), only.end(), IsDigit);
}

bool RowShapes::NamesATotal(std::string_view text) {
  return !text.empty() && IsTotal(text, /*more=*/false);
}

}  // namespace clustr::ctl
