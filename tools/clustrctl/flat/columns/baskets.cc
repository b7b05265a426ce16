#include "tools/clustrctl/flat/columns/baskets.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/columns/layout.h"
#include "tools/clustrctl/flat/input/record_scanner.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr std::array<Role, 4> kRoles = {Role::kOrder, Role::kDate, Role::kCustomer, Role::kProduct};
constexpr size_t kSampled = 200;

// The first records of the file, their cells in UTF-8.
std::vector<std::vector<std::string>> Sample(std::string_view head, char separator) {
  std::vector<std::vector<std::string>> records;
  RecordScanner scanner(ReadFrom(head), separator);
  while (records.size() < kSampled) {
    const auto found = scanner.Next();
    if (!found.ok() || !*found) break;
    records.push_back(HeaderNames(scanner.cells()));
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

// The number of an item that a cell says: 0 for `0`, `false`, `no` and nothing.
bool IsCount(std::string_view cell, bool* any) {
  const absl::string_view text(cell.data(), cell.size());
  for (const char* none : {"", "0", "false", "no", "n", "f", "0.0"}) {
    if (!absl::EqualsIgnoreCase(text, none)) continue;
    *any = false;
    return true;
  }
  *any = true;
  for (const char* one : {"true", "yes", "y", "t", "x", "1"}) {
    if (absl::EqualsIgnoreCase(text, one)) return true;
  }
  return cell.find_first_not_of("0123456789.") == std::string_view::npos;
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
                                      const std::string& day, const std::string& file) {
  Baskets baskets;
  baskets.day_ = day;
  baskets.file_ = file;
  baskets.separator_ = MostFrequent(head, ",;\t|");
  const std::vector<std::vector<std::string>> records = Sample(head, baskets.separator_);
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
  baskets.FindItems(records, conditions);
  if (baskets.places_[1] < 0 && day.empty()) {
    return absl::FailedPreconditionError(
        "no column is the date; give the day of all baskets with --day=YYYY-MM-DD, or choose the "
        "column with --columns=date=NAME");
  }
  return baskets;
}

void Baskets::FindItems(absl::Span<const std::vector<std::string>> records,
                        absl::Span<const RowCondition> conditions) {
  if (places_[3] >= 0) {
    std::string cells;
    for (const auto& record : records.subspan(1)) {
      if (static_cast<size_t>(places_[3]) < record.size()) cells += record[places_[3]] + '\n';
    }
    const auto count = [&](char c) { return std::count(cells.begin(), cells.end(), c); };
    for (const char candidate : {';', '|'}) {
      if (count(candidate) > count(list_separator_)) list_separator_ = candidate;
    }
    return;
  }
  for (size_t i = 0; has_header() && i < header_.size(); ++i) {
    const bool in_condition =
        std::any_of(conditions.begin(), conditions.end(), [&](const RowCondition& condition) {
          return absl::EqualsIgnoreCase(condition.column, header_[i]);
        });
    const bool has_role =
        std::find(places_.begin(), places_.end(), static_cast<int>(i)) != places_.end();
    if (!in_condition && !has_role) items_.push_back(i);
  }
  are_counts_ = has_header() && CellsAreCounts(records.subspan(1));
}

bool Baskets::CellsAreCounts(absl::Span<const std::vector<std::string>> records) const {
  return !records.empty() && std::all_of(records.begin(), records.end(), [&](const auto& record) {
    return std::all_of(items_.begin(), items_.end(), [&](size_t i) {
      bool any = false;
      return i >= record.size() || IsCount(record[i], &any);
    });
  });
}

std::string Baskets::Note() const {
  const std::string items =
      places_[3] >= 0 ? absl::StrCat("the list in ", Quoted(header_[places_[3]]))
      : are_counts_   ? "the names of the columns, and their cells say how many"
      : has_header()  ? absl::StrCat("the cells of ", items_.size(), " columns")
                      : "all cells";
  return absl::StrCat("each row is a basket, and its items are ", items,
                      are_numbered() ? "; baskets are numbered by their rows" : "");
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
    bool any = true;
    if (are_counts_ && IsCount(item, &any)) {
      if (!any) continue;
      basket[3] = header_[place];
      basket[4] = item.find_first_not_of("0123456789.") == std::string_view::npos ? item : "1";
    } else if (item.empty() || IsNullWord(item)) {
      continue;
    } else {
      basket[3] = item;
    }
    rows_.push_back(basket);
  }
  return rows_;
}

void Baskets::AddList(std::string_view cell, const Cells& basket) {
  cell = Trimmed(cell);
  // Programs write lists as [..] or {..}.
  if (cell.size() > 1 && (cell.front() == '[' || cell.front() == '{')) {
    cell = cell.substr(1, cell.size() - 2);
  }
  for (size_t start = 0; start <= cell.size();) {
    const size_t end = std::min(cell.find(list_separator_, start), cell.size());
    std::string_view item = Trimmed(cell.substr(start, end - start));
    const bool quoted = item.size() > 1 && (item.front() == '\'' || item.front() == '"') &&
                        item.back() == item.front();
    if (quoted) item = item.substr(1, item.size() - 2);
    start = end + 1;
    if (item.empty() || IsNullWord(item)) continue;
    rows_.push_back(basket);
    rows_.back()[3] = item;
  }
}

}  // namespace clustr::ctl
