#include "tools/clustrctl/flat/columns/layout.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/columns/row_shift.h"
#include "tools/clustrctl/flat/input/record_scanner.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr std::string_view kSeparators = ",;\t|";
constexpr int kMaxPreamble = 50;
constexpr int kSampledRows = 1000;

// The separator that a first line such as `sep=;` names; 0 if there is no such line.
char NamedSeparator(std::string_view head) {
  std::string_view line = Trimmed(head.substr(0, head.find_first_of("\r\n")));
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') {
    line = line.substr(1, line.size() - 2);
  }
  const absl::string_view text(line.data(), line.size());
  if (absl::EqualsIgnoreCase(text, "sep=")) return '\t';  // Trimmed away.
  return line.size() == 5 && absl::StartsWithIgnoreCase(text, "sep=") ? line[4] : '\0';
}

// A record that may be the header.
struct Candidate {
  char separator = ',';
  int record = 0;
  std::vector<std::string> header;
  size_t width = 0;  // Cells of the record, with empty ones behind the last name.
  int roles = -1;
};

// The first record that binds, or else the one with the most columns that have a role.
absl::StatusOr<Candidate> BestOf(std::string_view head, char separator, const ColumnNames& names,
                                 bool has_day, bool* binds) {
  RecordScanner scanner(ReadFrom(head), separator);
  Candidate best;
  for (int record = 0; record < kMaxPreamble; ++record) {
    CLUSTR_ASSIGN_OR_RETURN(const bool found, scanner.Next());
    if (!found) break;
    Candidate candidate{separator, record, HeaderNames(scanner.cells()), scanner.cells().size()};
    candidate.roles = FlatColumns::CountRoles(candidate.header, names);
    *binds = candidate.roles > 1 && FlatColumns::Bind(candidate.header, names, has_day).ok();
    if (*binds) return candidate;
    const bool better =
        candidate.roles > best.roles || (candidate.roles == best.roles && best.header.size() < 2 &&
                                         candidate.header.size() > best.header.size());
    if (better) best = std::move(candidate);
  }
  return best;
}

bool IsBlank(std::string_view cell) { return Trimmed(cell).empty(); }

// What a file without a header row that names a known column may be, with the remedy.
absl::Status CheckNoHeader(const std::vector<std::string>& header) {
  const std::string& cell = header[0];
  for (const char* statement : {"insert into ", "create table ", "-- ", "/*", "begin;"}) {
    if (!absl::StartsWithIgnoreCase(cell, statement)) continue;
    return absl::FailedPreconditionError(
        "the file looks like a script of SQL statements; export the order lines as a CSV file "
        "instead");
  }
  if (header.size() > 1) return absl::OkStatus();
  for (const char separator : {'~', '^', ':', '#', '!', '&', '/', '\\'}) {
    if (std::count(cell.begin(), cell.end(), separator) < 2) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the header ", Quoted(cell),
        " has none of the separators comma, semicolon, tab and "
        "vertical bar; if its cells are separated by ",
        Quoted(std::string(1, separator)), ", write a first line sep=", std::string(1, separator)));
  }
  return absl::OkStatus();
}

// The number of cells that rows may have. It is more than the header has only if nearly all rows
// end with the same number of surplus empty cells, as with a separator behind the last cell, and
// most of them have one reading only.
absl::StatusOr<size_t> WidthOfRows(std::string_view head, const Candidate& header,
                                   const FlatColumns& columns) {
  RecordScanner scanner(ReadFrom(head), header.separator);
  std::map<size_t, int> widths;
  int full_rows = 0;
  int shifted = 0;
  for (int record = 0; record < header.record + kSampledRows; ++record) {
    CLUSTR_ASSIGN_OR_RETURN(const bool found, scanner.Next());
    if (!found) break;
    const auto& cells = scanner.cells();
    if (record <= header.record || cells.size() < header.width) continue;
    ++full_rows;
    const auto surplus = absl::MakeConstSpan(cells).subspan(header.width);
    if (surplus.empty() || !std::all_of(surplus.begin(), surplus.end(), IsBlank)) continue;
    ++widths[cells.size()];
    if (MayBeShifted(cells, columns, header.separator)) ++shifted;
  }
  for (const auto& [width, rows] : widths) {
    if (rows > 1 && 10 * rows >= 9 * full_rows && 2 * shifted < rows) return width;
  }
  return header.width;
}

}  // namespace

std::vector<std::string> HeaderNames(const std::vector<std::string_view>& cells) {
  std::vector<std::string> names;
  for (const std::string_view cell : cells) {
    bool legacy = false;
    std::string name = OnOneLine(Utf8Text(cell, &legacy));
    // Soft hyphens, joiners and direction marks cannot be seen, and nobody means them.
    absl::StrReplaceAll({{"\xC2\xAD", ""},
                         {"\xE2\x80\x8B", ""},
                         {"\xE2\x80\x8C", ""},
                         {"\xE2\x80\x8D", ""},
                         {"\xE2\x80\x8E", ""},
                         {"\xE2\x80\x8F", ""},
                         {"\xE2\x81\xA0", ""}},
                        &name);
    names.emplace_back(WithoutSpreadsheetMarks(name));
  }
  // Empty cells behind the last name are no columns.
  while (names.size() > 1 && names.back().empty()) names.pop_back();
  return names;
}

absl::StatusOr<Layout> FindLayout(std::string_view head, const ColumnNames& names, bool has_day) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const char named = NamedSeparator(head);
  const std::string separators = named == '\0' ? std::string(kSeparators) : std::string(1, named);
  Candidate best;
  bool best_binds = false;
  for (const char separator : separators) {
    bool binds = false;
    CLUSTR_ASSIGN_OR_RETURN(Candidate candidate, BestOf(head, separator, names, has_day, &binds));
    const bool better = binds != best_binds ? binds
                                            : std::pair(candidate.roles, candidate.header.size()) >
                                                  std::pair(best.roles, best.header.size());
    if (better) {
      best = std::move(candidate);
      best_binds = binds;
    }
  }
  if (best.header.empty()) {
    return absl::FailedPreconditionError("the file is empty; its first row names the columns");
  }
  if (best.roles < 1) CLUSTR_RETURN_IF_ERROR(CheckNoHeader(best.header));
  CLUSTR_ASSIGN_OR_RETURN(FlatColumns columns, FlatColumns::Bind(best.header, names, has_day));
  CLUSTR_ASSIGN_OR_RETURN(const size_t width, WidthOfRows(head, best, columns));
  return Layout{best.separator, best.record, std::move(columns), width};
}

}  // namespace clustr::ctl
