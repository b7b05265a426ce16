#include "tools/clustrctl/flat/columns/basket_cells.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

// A greater number is not a usual number of units.
constexpr double kManyUnits = 1000;
constexpr double kSomeUnits = 100;

template <size_t kSize>
bool IsOneOf(std::string_view text, const std::array<const char*, kSize>& words) {
  const absl::string_view view(text.data(), text.size());
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return absl::EqualsIgnoreCase(view, word); });
}

constexpr std::array<const char*, 17> kNoneWords = {
    "false", "no",  "n",   "f",     "nein",         "non",          "nee",          "nej", "falsch",
    "faux",  "nie", "não", "falso", "\xE2\x9C\x97", "\xE2\x9C\x98", "\xE2\x98\x90", "nao"};
constexpr std::array<const char*, 22> kOneWords = {"true",
                                                   "yes",
                                                   "y",
                                                   "t",
                                                   "x",
                                                   "ja",
                                                   "oui",
                                                   "si",
                                                   "sí",
                                                   "sì",
                                                   "sim",
                                                   "wahr",
                                                   "vrai",
                                                   "vero",
                                                   "tak",
                                                   "\xE2\x9C\x93",
                                                   "\xE2\x9C\x94",
                                                   "verdadero",
                                                   "\xE2\x98\x91",
                                                   "\xE2\x9C\x85",
                                                   "•",
                                                   "●"};
constexpr std::array<const char*, 3> kDashes = {"-", "–", "—"};

// The number that a cell is, whatever its decimal mark; none if it is a code or a text.
std::optional<double> NumberOf(std::string_view cell) {
  std::string text(cell);
  std::replace(text.begin(), text.end(), ',', '.');
  const std::string digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool is_code = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
  double number = 0;
  if (is_code || digits.empty() || digits[0] == '.' ||
      digits.find_first_not_of("0123456789.") != std::string::npos ||
      !absl::SimpleAtod(text, &number)) {
    return std::nullopt;
  }
  return number;
}

// How many cells of some columns are of each kind.
struct Census {
  std::array<int64_t, 5> cells = {};
  double least = INT64_MAX;
  double most = 0;
  std::string example;  // The greatest number.

  int64_t operator[](BasketCell kind) const { return cells[static_cast<size_t>(kind)]; }
};

Census CensusOf(absl::Span<const size_t> columns,
                absl::Span<const std::vector<std::string>> records) {
  Census census;
  for (const auto& record : records) {
    for (const size_t column : columns) {
      if (column >= record.size()) continue;
      const std::string_view text = Trimmed(record[column]);
      const BasketCell kind = BasketCellOf(text);
      ++census.cells[static_cast<size_t>(kind)];
      if (kind != BasketCell::kNumber) continue;
      const double number = *NumberOf(text);
      census.least = std::min(census.least, number);
      if (number <= census.most) continue;
      census.most = number;
      census.example = text;
    }
  }
  return census;
}

}  // namespace

BasketCell BasketCellOf(std::string_view cell) {
  const std::string_view text = Trimmed(cell);
  if (text.empty() || IsNullWord(text) || IsOneOf(text, kDashes)) return BasketCell::kEmpty;
  if (const auto number = NumberOf(text); number.has_value()) {
    return *number == 0 ? BasketCell::kNone : BasketCell::kNumber;
  }
  if (IsOneOf(text, kNoneWords)) return BasketCell::kNone;
  return IsOneOf(text, kOneWords) ? BasketCell::kOne : BasketCell::kOther;
}

bool IsOfSeries(std::string_view name) {
  static constexpr std::array<const char*, 14> kStems = {
      "item",    "items",   "product", "products", "sku",  "article", "good",
      "artikel", "produkt", "produit", "producto", "code", "v",       "position"};
  const size_t end = name.find_last_not_of("0123456789");
  if (end == std::string_view::npos || end + 1 == name.size()) return false;
  const size_t last = name.find_last_not_of(" _-.#", end);
  return last != std::string_view::npos && IsOneOf(name.substr(0, last + 1), kStems);
}

absl::StatusOr<bool> CellsAreCounts(absl::Span<const std::string> header,
                                    absl::Span<const size_t> items,
                                    absl::Span<const std::vector<std::string>> records,
                                    std::optional<bool> given) {
  if (given.has_value()) return *given;
  const Census census = CensusOf(items, records);
  const int64_t said = census[BasketCell::kNone] + census[BasketCell::kOne];
  const int64_t numbers = census[BasketCell::kNumber];
  const int64_t other = census[BasketCell::kOther];
  if (said + numbers == 0) return false;
  const bool is_series = std::all_of(items.begin(), items.end(),
                                     [&](size_t place) { return IsOfSeries(header[place]); });
  // A few odd cells among marks are refused as numbers of units.
  if (other > 0) return !is_series && said >= 3 * (other + numbers);
  bool is_open = false;
  if (is_series) {
    is_open = said > 0 ? census.most >= kSomeUnits : census.most <= 1;
    if (!is_open) return said > 0;
  } else {
    is_open = said == 0 && (census.most >= kManyUnits || census.least >= kSomeUnits);
    if (!is_open) return true;
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the cells of ", Quoted(header[items[0]]), items.size() > 1 ? " and the other columns" : "",
      " are numbers such as ", census.example,
      ", which may be codes of items or numbers of units; say --baskets=items or "
      "--baskets=counts"));
}

bool FirstNamesColumns(absl::Span<const std::vector<std::string>> records) {
  const std::vector<std::string>& first = records[0];
  const auto series = std::count_if(first.begin(), first.end(),
                                    [](const std::string& name) { return IsOfSeries(name); });
  if (series > 1 && 2 * series > static_cast<ptrdiff_t>(first.size())) return true;
  std::vector<size_t> all(first.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  const Census names = CensusOf(all, records.subspan(0, 1));
  const Census below = CensusOf(all, records.subspan(1));
  const int64_t counts =
      below[BasketCell::kNone] + below[BasketCell::kOne] + below[BasketCell::kNumber];
  return names[BasketCell::kOther] > 0 &&
         names[BasketCell::kOther] + names[BasketCell::kEmpty] ==
             static_cast<int64_t>(first.size()) &&
         counts > 0 && below[BasketCell::kOther] == 0;
}

bool NumbersRecords(const std::string& name, size_t column,
                    absl::Span<const std::vector<std::string>> records) {
  if (!name.empty() && name != "Unnamed: 0" && !absl::EqualsIgnoreCase(name, "index")) return false;
  int64_t expected = -1;
  for (const auto& record : records) {
    int64_t number = 0;
    if (column >= record.size() || !absl::SimpleAtoi(record[column], &number)) return false;
    if (expected >= 0 ? number != expected : number > 1) return false;
    expected = number + 1;
  }
  return expected >= 0;
}

bool CountsItems(size_t column, absl::Span<const size_t> items,
                 absl::Span<const std::vector<std::string>> records) {
  for (const auto& record : records) {
    int64_t number = 0;
    if (column >= record.size() || !absl::SimpleAtoi(record[column], &number)) return false;
    const auto filled = std::count_if(items.begin(), items.end(), [&](size_t place) {
      return place != column && place < record.size() &&
             BasketCellOf(record[place]) != BasketCell::kEmpty;
    });
    if (filled != number) return false;
  }
  return !records.empty() && items.size() > 2;
}

}  // namespace clustr::ctl
