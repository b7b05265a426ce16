#include "tools/clustrctl/flat/columns/baskets.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/columns/basket_cells.h"
#include "tools/clustrctl/flat/columns/layout.h"
#include "tools/clustrctl/flat/columns/order_states.h"
#include "tools/clustrctl/flat/input/record_scanner.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/words/spaced_words.h"

namespace clustr::ctl {
namespace {

constexpr std::array<Role, 4> kRoles = {Role::kOrder, Role::kDate, Role::kCustomer, Role::kProduct};
constexpr size_t kSampled = 200;

// The first records of the file, their cells in UTF-8; the first record as names of columns.
std::vector<std::vector<std::string>> Sample(std::string_view head, char separator) {
  std::vector<std::vector<std::string>> records;
  RecordScanner scanner(ReadFrom(head), separator);
  while (records.size() < kSampled) {
    const auto found = scanner.Next();
    if (!found.ok() || !*found) break;
    if (records.empty()) {
      records.push_back(HeaderNames(scanner.cells()));
      continue;
    }
    auto& record = records.emplace_back();
    for (const std::string_view cell : scanner.cells()) {
      bool decoded = false;
      record.push_back(Utf8Text(Trimmed(cell), &decoded));
    }
  }
  return records;
}

// The separator that gives the first records the most cells.
char MostFrequent(std::string_view head, std::string_view candidates) {
  char best = candidates[0];
  size_t most = 0;
  for (const char candidate : candidates) {
    size_t cells = 0;
    for (const auto& record : Sample(head, candidate)) cells += record.size() - 1;
    if (cells <= most) continue;
    most = cells;
    best = candidate;
  }
  return best;
}

// Whether each record is of numbers with blanks between, as the baskets of FIMI are.
bool AreFimi(const std::vector<std::vector<std::string>>& records) {
  bool has_blanks = false;
  for (const auto& record : records) {
    if (record.size() != 1) return false;
    if (record[0].find_first_not_of("0123456789 ") != std::string::npos) return false;
    has_blanks = has_blanks || record[0].find(' ') != std::string::npos;
  }
  return has_blanks;
}

// Whether a name is that of a role which a basket does not have, such as `total` or `city`, or of
// something about the customer.
bool NamesAnotherRole(const std::string& name) {
  for (size_t i = 0; i < kRoleCount; ++i) {
    const Role role = static_cast<Role>(i);
    if (absl::EqualsIgnoreCase(name, RoleName(role))) return true;
    for (const std::string& other : OtherNames(role)) {
      if (absl::EqualsIgnoreCase(name, other)) return true;
    }
  }
  return NamesATotal(name) || NamesAPerson(name);
}

// Whether the column says the state of the baskets, and does not count an item.
bool HoldsStates(size_t column, const std::string& name,
                 absl::Span<const std::vector<std::string>> records) {
  if (!NamesAState(name)) return false;
  return std::any_of(records.begin(), records.end(), [&](const auto& record) {
    return column < record.size() && StateOf(record[column]) != OrderState::kUnknown;
  });
}

// Whether a name is one that a column of order numbers has in other systems.
bool NamesAnOrder(const std::string& name) {
  static constexpr auto kNames = std::to_array<absl::string_view>({"order id",
                                                                   "orderid",
                                                                   "order no",
                                                                   "order number",
                                                                   "order nr",
                                                                   "receipt",
                                                                   "receipt id",
                                                                   "receipt no",
                                                                   "receipt number",
                                                                   "receiptid",
                                                                   "transaction",
                                                                   "transaction id",
                                                                   "transactionid",
                                                                   "transaction no",
                                                                   "tid",
                                                                   "trans id",
                                                                   "invoice",
                                                                   "invoice no",
                                                                   "invoiceno",
                                                                   "invoice id",
                                                                   "invoice number",
                                                                   "basket id",
                                                                   "basketid",
                                                                   "basket no",
                                                                   "cart id",
                                                                   "session",
                                                                   "session id",
                                                                   "sessionid",
                                                                   "ticket",
                                                                   "ticket id",
                                                                   "ticket no",
                                                                   "id",
                                                                   "bon",
                                                                   "bon nr",
                                                                   "bonnr",
                                                                   "bonnummer",
                                                                   "beleg",
                                                                   "belegnr",
                                                                   "belegnummer",
                                                                   "bestellung",
                                                                   "bestellnummer",
                                                                   "auftrag",
                                                                   "auftragsnummer",
                                                                   "rechnung",
                                                                   "rechnungsnummer",
                                                                   "commande",
                                                                   "facture",
                                                                   "pedido",
                                                                   "factura",
                                                                   "ordine",
                                                                   "scontrino",
                                                                   "bestelling",
                                                                   "kassabon",
                                                                   "paragon"});
  const std::string words = SpacedWords(absl::AsciiStrToLower(name));
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](absl::string_view one) { return words == absl::StrCat(" ", one, " "); });
}

// Whether a name is that of the units or price of an item of a series: `qty1`, `Price 2`.
bool NamesUnitsOfSeries(const std::string& name) {
  static constexpr auto kStems = std::to_array<absl::string_view>(
      {"qty", "quantity", "units", "count", "amount", "price", "menge", "anzahl", "preis",
       "quantite", "prix", "cantidad", "precio", "quantita", "prezzo", "aantal", "prijs"});
  const size_t end = name.find_last_not_of("0123456789");
  if (end == std::string_view::npos || end + 1 == name.size()) return false;
  const size_t last = name.find_last_not_of(" _-.#", end);
  if (last == std::string_view::npos) return false;
  const absl::string_view stem(name.data(), last + 1);
  return std::any_of(kStems.begin(), kStems.end(),
                     [&](absl::string_view one) { return absl::EqualsIgnoreCase(one, stem); });
}

// Whether the column has another text with a digit in each record, as numbers of orders have, and
// none of the records has only this one cell.
bool HasNumbers(size_t column, absl::Span<const std::vector<std::string>> records) {
  absl::flat_hash_set<absl::string_view> seen;
  for (const auto& record : records) {
    if (column >= record.size() || record.size() < 2) return false;
    const bool has_digit = record[column].find_first_of("0123456789") != std::string::npos;
    if (!has_digit || !seen.insert(record[column]).second) return false;
  }
  return records.size() >= 3;
}

// The first three of some columns, and how many more there are.
std::string NamesOf(absl::Span<const size_t> columns, const std::vector<std::string>& header) {
  const auto shown = columns.subspan(0, 3);
  std::string names = absl::StrJoin(
      shown, ", ", [&](std::string* out, size_t i) { absl::StrAppend(out, header[i]); });
  if (columns.size() > 3) absl::StrAppend(&names, " and ", columns.size() - 3, " more");
  return names;
}

}  // namespace

std::vector<std::string> Baskets::Header() {
  std::vector<std::string> header;
  for (const Role role : kRoles) header.emplace_back(RoleName(role));
  header.emplace_back(RoleName(Role::kQuantity));
  return header;
}

absl::StatusOr<Baskets> Baskets::Find(std::string_view head, const ColumnNames& names,
                                      absl::Span<const RowCondition> conditions,
                                      const BasketSettings& settings, const std::string& file) {
  Baskets baskets;
  baskets.day_ = settings.day;
  baskets.file_ = file;
  baskets.separator_ = MostFrequent(head, ",;\t|");
  std::vector<std::vector<std::string>> records = Sample(head, baskets.separator_);
  if (AreFimi(records)) {
    baskets.separator_ = ' ';
    records = Sample(head, baskets.separator_);
  }
  if (records.empty())
    return absl::FailedPreconditionError("the file is empty; give one basket a row");
  for (size_t i = 0; i < kRoles.size(); ++i) {
    const std::string& given = names[static_cast<size_t>(kRoles[i])];
    CLUSTR_ASSIGN_OR_RETURN(baskets.places_[i],
                            FindColumn(records[0], given.empty() ? RoleName(kRoles[i]) : given));
    if (baskets.places_[i] >= 0) baskets.header_ = records[0];
    if (baskets.places_[i] >= 0 || given.empty()) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("there is no column ", Quoted(given), " for the ", RoleName(kRoles[i]),
                     "; name one of ", absl::StrJoin(records[0], ", ")));
  }
  if (baskets.places_[0] < 0) baskets.FindOrder(records);
  if (!conditions.empty() || FirstNamesColumns(records)) baskets.header_ = records[0];
  CLUSTR_RETURN_IF_ERROR(baskets.FindItems(records, conditions, settings));
  if (baskets.are_numbered()) baskets.LookForNumbers(records);
  if (baskets.places_[1] < 0 && settings.day.empty()) {
    return absl::FailedPreconditionError(
        "no column is the date; give the day of all baskets with --day=YYYY-MM-DD, or choose the "
        "column with --columns=date=NAME");
  }
  return baskets;
}

// Finds a column of order numbers by what other systems call it. Where nothing else says that there
// is a header, only the first column may be it, and it must have a digit in each row.
void Baskets::FindOrder(absl::Span<const std::vector<std::string>> records) {
  const auto& names = records[0];
  const auto rows = records.subspan(1);
  for (size_t i = 0; i < names.size(); ++i) {
    if (!NamesAnOrder(names[i]) || NumbersRecords(names[i], i, rows)) continue;
    if (std::find(places_.begin(), places_.end(), static_cast<int>(i)) != places_.end()) continue;
    const bool has_digits =
        !rows.empty() && std::all_of(rows.begin(), rows.end(), [&](const auto& record) {
          return i < record.size() && record[i].find_first_of("0123456789") != std::string::npos;
        });
    if (!has_digits || (i > 0 && !has_header())) continue;
    places_[0] = static_cast<int>(i);
    header_ = names;
    return;
  }
}

// Notes a first column that may hold order numbers and is read as items.
void Baskets::LookForNumbers(absl::Span<const std::vector<std::string>> records) {
  if (places_[3] >= 0) return;
  const auto rows = has_header() ? records.subspan(1) : records;
  const bool others_have_digits = std::any_of(rows.begin(), rows.end(), [](const auto& record) {
    const auto others = absl::MakeConstSpan(record).subspan(std::min<size_t>(record.size(), 1));
    return std::any_of(others.begin(), others.end(), [](const std::string& cell) {
      return cell.find_first_of("0123456789") != std::string::npos;
    });
  });
  if (!has_header() && (others_have_digits || !HasNumbers(0, rows))) return;
  if (!has_header()) {
    doubt_ =
        "the first cell of each row is another one, as numbers of orders are, and was read as an "
        "item; if it is a number, give the file a header that begins with order";
    return;
  }
  if (items_.empty() || items_[0] != 0 || !HasNumbers(0, rows)) return;
  if (others_have_digits && !are_counts_) return;
  doubt_ = absl::StrCat("the column ", Quoted(header_[0]),
                        " has another value in each row, as numbers of orders have, and was read "
                        "as an item; if it is the order, say --columns=order=\"",
                        header_[0], "\"");
}

absl::Status Baskets::FindItems(absl::Span<const std::vector<std::string>> records,
                                absl::Span<const RowCondition> conditions,
                                const BasketSettings& settings) {
  if (!has_header()) return absl::OkStatus();
  const auto rows = records.subspan(1);
  const auto units = std::find_if(header_.begin(), header_.end(), NamesUnitsOfSeries);
  if (places_[3] < 0 && units != header_.end() &&
      std::any_of(header_.begin(), header_.end(), IsOfSeries)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the column ", Quoted(*units),
        " holds units or prices of an item beside it, which cannot be read from a row with several "
        "items; export one row per item, or leave these columns out"));
  }
  for (size_t i = 0; i < header_.size(); ++i) {
    const bool in_condition =
        std::any_of(conditions.begin(), conditions.end(), [&](const RowCondition& condition) {
          return absl::EqualsIgnoreCase(condition.column, header_[i]);
        });
    const bool has_role =
        std::find(places_.begin(), places_.end(), static_cast<int>(i)) != places_.end();
    if (in_condition || has_role) continue;
    if (HoldsStates(i, header_[i], rows)) {
      states_.push_back(i);
      continue;
    }
    const bool is_item =
        places_[3] < 0 && !NamesAnotherRole(header_[i]) && !NumbersRecords(header_[i], i, rows);
    (is_item ? items_ : ignored_).push_back(i);
  }
  if (places_[3] >= 0) {
    std::vector<std::string> lists;
    for (const auto& record : rows) {
      if (static_cast<size_t>(places_[3]) < record.size()) lists.push_back(record[places_[3]]);
    }
    CLUSTR_ASSIGN_OR_RETURN(list_,
                            ItemList::Find(header_[places_[3]], lists, settings.item_separator));
    return absl::OkStatus();
  }
  if (items_.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "no column holds items; name the one that lists them with --columns=product=NAME from ",
        absl::StrJoin(header_, ", ")));
  }
  CLUSTR_ASSIGN_OR_RETURN(are_counts_,
                          CellsAreCounts(header_, items_, rows, settings.cells_are_counts));
  if (are_counts_) return absl::OkStatus();
  const auto sums = std::find_if(items_.begin(), items_.end(), [&](size_t column) {
    return !IsOfSeries(header_[column]) && CountsItems(column, items_, rows);
  });
  if (sums == items_.end()) return absl::OkStatus();
  ignored_.push_back(*sums);
  items_.erase(sums);
  return absl::OkStatus();
}

std::vector<std::string> Baskets::Notes() const {
  const std::string items =
      places_[3] >= 0 ? absl::StrCat("the list in ", Quoted(header_[places_[3]]),
                                     list_.note().empty() ? "" : ", ", list_.note())
      : are_counts_   ? absl::StrCat("the names of the columns, and their cells say how many: ",
                                     NamesOf(items_, header_))
      : has_header()
          ? absl::StrCat("the cells of ", items_.size(),
                         items_.size() == 1 ? " column: " : " columns: ", NamesOf(items_, header_))
          : "all cells";
  std::vector<std::string> notes = {
      absl::StrCat("each row is a basket, and its items are ", items,
                   are_numbered() ? "; baskets are numbered by their rows" : "")};
  if (!doubt_.empty()) notes.push_back(doubt_);
  if (!ignored_.empty()) {
    notes.push_back(absl::StrCat(
        "ignored columns that hold no items: ",
        absl::StrJoin(ignored_, ", ", [&](std::string* out, size_t i) {
          absl::StrAppend(out, header_[i].empty() ? "the one without a name" : header_[i]);
        })));
  }
  return notes;
}

std::string Baskets::StateAgainst(absl::Span<const std::string_view> cells) const {
  for (const size_t place : states_) {
    if (place >= cells.size()) continue;
    const std::string_view cell = Trimmed(cells[place]);
    const OrderState state = StateOf(cell);
    if (state == OrderState::kUnknown || state == OrderState::kOpen) continue;
    bool legacy = false;
    return OnOneLine(Utf8Text(cell, &legacy));
  }
  return "";
}

std::string Baskets::WhyTooWide(absl::Span<const std::string_view> cells) const {
  if (!has_header() || cells.size() <= header_.size()) return "";
  const auto surplus = cells.subspan(header_.size());
  const bool blank = std::all_of(surplus.begin(), surplus.end(),
                                 [](std::string_view cell) { return Trimmed(cell).empty(); });
  if (blank) return "";
  return absl::StrCat("has ", cells.size(), " cells where the header has ", header_.size(),
                      "; name all columns in the header, or put a list of items into quotes");
}

absl::Span<const Baskets::Cells> Baskets::Split(absl::Span<const std::string_view> cells,
                                                int64_t row) {
  rows_.clear();
  const auto cell = [&](int place) {
    return place >= 0 && static_cast<size_t>(place) < cells.size() ? cells[place]
                                                                   : std::string_view();
  };
  number_ = absl::StrCat(file_, ":", row);
  Cells basket = {are_numbered() ? std::string_view(number_) : cell(places_[0]),
                  places_[1] < 0 ? std::string_view(day_) : cell(places_[1]), cell(places_[2]),
                  std::string_view(), std::string_view("1")};
  if (places_[3] >= 0) {
    AddList(cell(places_[3]), basket);
    return rows_;
  }
  const size_t count = has_header() ? items_.size() : cells.size();
  for (size_t i = 0; i < count; ++i) {
    const size_t place = has_header() ? items_[i] : i;
    const std::string_view item = Trimmed(cell(static_cast<int>(place)));
    const BasketCell kind = item.empty() ? BasketCell::kEmpty : BasketCellOf(item);
    if (kind == BasketCell::kEmpty || (are_counts_ && kind == BasketCell::kNone)) continue;
    // A text among counts is refused as a number of units.
    basket[3] = are_counts_ ? std::string_view(header_[place]) : item;
    if (are_counts_) basket[4] = kind == BasketCell::kOne ? "1" : item;
    rows_.push_back(basket);
  }
  return rows_;
}

void Baskets::AddList(std::string_view cell, const Cells& basket) {
  for (const ItemList::Item& item : list_.Split(cell)) {
    rows_.push_back(basket);
    rows_.back()[3] = item.name;
    rows_.back()[4] = item.units;
  }
}

}  // namespace clustr::ctl
