#include "tools/clustrctl/flat/columns/item_list.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

struct Separator {
  const char* text;
  const char* name;
};
constexpr std::array<Separator, 4> kSeparators = {
    {{",", "commas"}, {";", "semicolons"}, {"|", "bars"}, {"\n", "line breaks"}}};

// The text between the brackets in which programs write lists and sets, and whether there are any.
std::string_view WithoutBrackets(std::string_view cell, bool* any) {
  cell = Trimmed(cell);
  *any = false;
  while (cell.size() > 1) {
    const std::string_view whole = cell;
    for (const std::string_view name : {"frozenset(", "set(", "list(", "tuple(", "array(", "c("}) {
      if (!cell.starts_with(name) || cell.back() != ')') continue;
      cell = cell.substr(name.size() - 1);
      break;
    }
    const bool is_tuple = cell.size() > 3 && cell.front() == '(' && cell.back() == ')' &&
                          (std::string_view("'\"[{").find(cell[1]) != std::string_view::npos);
    if (!is_tuple && !(cell.front() == '[' && cell.back() == ']') &&
        !(cell.front() == '{' && cell.back() == '}')) {
      return whole;
    }
    *any = true;
    cell = Trimmed(cell.substr(1, cell.size() - 2));
  }
  return cell;
}

// The place behind the item at the beginning of `text`: of the separator, or the end. A separator
// does not count between quotes that enclose the item.
size_t EndOfItem(std::string_view text, std::string_view separator) {
  const size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (first < text.size() && (text[first] == '\'' || text[first] == '"')) {
    for (size_t i = first + 1; i < text.size(); ++i) {
      if (text[i] == '\\') ++i;
      if (i >= text.size() || text[i] != text[first]) continue;
      const std::string_view rest = Trimmed(text.substr(i + 1));
      if (rest.empty()) return text.size();
      const size_t next = text.find(separator, i + 1);
      if (next != std::string_view::npos && Trimmed(text.substr(i + 1, next - i - 1)).empty()) {
        return next;
      }
    }
  }
  return std::min(text.find(separator, first), text.size());
}

bool Holds(std::string_view list, std::string_view separator) {
  return EndOfItem(list, separator) < list.size();
}

bool IsTimes(std::string_view text) { return text == "x" || text == "X" || text == "×"; }

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether a list has objects with several fields, as JSON and Python write them: `[{"sku": "A",
// "qty": 2}]`. An object may also have the units of each item: `{"A": 2}`.
bool HasFields(std::string_view cell) {
  cell = Trimmed(cell);
  if (cell.find(':') == std::string_view::npos) return false;
  if (cell.starts_with('[')) return Trimmed(cell.substr(1)).starts_with('{');
  if (!cell.starts_with('{')) return false;
  for (const std::string_view field : {"qty", "quantity", "sku", "\"id\"", "\"name\"", "price"}) {
    if (cell.find(field) != std::string_view::npos) return true;
  }
  return false;
}

// Takes ` @ 6.00`, the price of one unit, from the end of an item.
std::string_view WithoutPrice(std::string_view item) {
  const size_t at = item.rfind(" @ ");
  if (at == std::string_view::npos) return item;
  const std::string_view price = Trimmed(item.substr(at + 3));
  const bool is_price =
      !price.empty() && price.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_price ? Trimmed(item.substr(0, at)) : item;
}

std::string_view WithoutQuotes(std::string_view text) {
  const bool quoted = text.size() > 1 && (text.front() == '\'' || text.front() == '"') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

absl::StatusOr<ItemList> ItemList::Find(const std::string& column,
                                        absl::Span<const std::string> cells,
                                        const std::string& separator) {
  const auto fields = std::find_if(cells.begin(), cells.end(), HasFields);
  if (fields != cells.end()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the lists in ", Quoted(column), " hold objects with several fields, for example ",
        Quoted(OnOneLine(*fields)),
        ", and cannot be read; write each as \"mug x 2; pot x 1\", or export one row per item"));
  }
  ItemList list;
  std::vector<const Separator*> found;
  std::string example;
  bool has_words = false;
  for (const Separator& candidate : kSeparators) {
    bool any = false;
    for (const std::string& cell : cells) {
      bool is_program = false;
      const std::string_view text = WithoutBrackets(cell, &is_program);
      // Programs separate by commas.
      if (is_program ? candidate.text != kSeparators[0].text : !Holds(text, candidate.text)) {
        continue;
      }
      any = any || !is_program || Holds(text, candidate.text);
      if (any && !found.empty() && example.empty()) example = text;
    }
    if (any) found.push_back(&candidate);
  }
  for (const std::string& cell : cells) {
    has_words = has_words || Trimmed(cell).find(' ') != std::string_view::npos;
  }
  if (!separator.empty()) {
    list.separator_ = separator;
  } else if (found.size() > 1) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the lists in ", Quoted(column), " contain ",
        absl::StrJoin(
            found, " and ",
            [](std::string* out, const Separator* one) { absl::StrAppend(out, one->name); }),
        ", for example ", Quoted(OnOneLine(example)),
        ", so it is open which of them separate the items; say for example --item-separator=\"",
        found[1]->text[0] == '\n' ? "," : found[1]->text, "\""));
  } else if (found.size() == 1) {
    list.separator_ = found[0]->text;
  } else if (has_words) {
    list.note_ =
        "which contains no comma, semicolon, bar or line break, so that each cell is one item; if "
        "it lists several, say for example --item-separator=\" + \"";
  }
  list.FindUnits(cells);
  return list;
}

void ItemList::FindUnits(absl::Span<const std::string> cells) {
  for (const Units units : {Units::kBehind, Units::kBefore, Units::kBeforeStar, Units::kBrackets,
                            Units::kColon, Units::kEquals, Units::kStar}) {
    units_ = Units::kNone;
    bool all = true;
    std::string example;
    for (const std::string& cell : cells) {
      for (Item item : Split(cell)) {
        if (example.empty()) example = item.name;
        all = all && CutUnits(units, &item);
      }
    }
    if (!all || example.empty()) continue;
    units_ = units;
    note_ = absl::StrCat("each with its number of units, as in ", Quoted(OnOneLine(example)));
    return;
  }
}

// Cuts units that one mark divides from the item: `tea (2)`, `tea:2`, `2*tea`.
bool ItemList::CutMarkedUnits(Units units, Item* item) {
  std::string_view text = item->name;
  if (units == Units::kBrackets) {
    if (!text.ends_with(')')) return false;
    text.remove_suffix(1);
  }
  const bool is_before = units == Units::kBeforeStar;
  const char mark = units == Units::kBrackets ? '('
                    : units == Units::kColon  ? ':'
                    : units == Units::kEquals ? '='
                                              : '*';
  const size_t at = is_before ? text.find(mark) : text.rfind(mark);
  if (at == std::string_view::npos) return false;
  const std::string_view before = Trimmed(text.substr(0, at));
  const std::string_view behind = Trimmed(text.substr(at + 1));
  item->units = is_before ? before : behind;
  item->name = WithoutQuotes(is_before ? behind : before);
  return AllDigits(item->units) && item->units.size() < 5 && !item->name.empty();
}

bool ItemList::CutUnits(Units units, Item* item) {
  if (units != Units::kNone) item->name = WithoutPrice(item->name);
  if (units >= Units::kBeforeStar) return CutMarkedUnits(units, item);
  const std::string_view text = item->name;
  const size_t blank = units == Units::kBehind ? text.rfind(' ') : text.find(' ');
  if (units == Units::kNone || blank == std::string_view::npos) return false;
  // `tea x 2`, `tea x2`, or the same the other way round.
  std::string_view number =
      units == Units::kBehind ? text.substr(blank + 1) : text.substr(0, blank);
  std::string_view rest =
      Trimmed(units == Units::kBehind ? text.substr(0, blank) : text.substr(blank + 1));
  const size_t other = units == Units::kBehind ? rest.rfind(' ') : rest.find(' ');
  if (AllDigits(number) && other != std::string_view::npos) {
    const bool times =
        IsTimes(units == Units::kBehind ? rest.substr(other + 1) : rest.substr(0, other));
    if (!times) return false;
    rest = units == Units::kBehind ? rest.substr(0, other) : rest.substr(other + 1);
  } else {
    const size_t times = units == Units::kBehind
                             ? std::min(number.find_first_of("0123456789"), number.size())
                             : number.find_first_not_of("0123456789");
    if (times == std::string_view::npos || times == 0) return false;
    const std::string_view sign =
        units == Units::kBehind ? number.substr(0, times) : number.substr(times);
    number = units == Units::kBehind ? number.substr(times) : number.substr(0, times);
    if (!IsTimes(sign)) return false;
  }
  item->name = Trimmed(rest);
  item->units = number;
  return AllDigits(number) && !item->name.empty();
}

absl::Span<const ItemList::Item> ItemList::Split(std::string_view cell) {
  items_.clear();
  bool is_program = false;
  std::string_view text = WithoutBrackets(cell, &is_program);
  const std::string_view separator = is_program ? std::string_view(",") : separator_;
  while (true) {
    const size_t end = EndOfItem(text, separator);
    Add(Trimmed(text.substr(0, end)));
    if (end == text.size()) return items_;
    text = text.substr(end + separator.size());
  }
}

void ItemList::Add(std::string_view item) {
  item = WithoutQuotes(item);
  if (item.empty() || IsNullWord(item)) return;
  items_.push_back({item, "1"});
  CutUnits(units_, &items_.back());
}

}  // namespace clustr::ctl
