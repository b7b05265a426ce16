#include "tools/clustrctl/flat/file/file_notes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/kinds/kind_of_row.h"

namespace clustr::ctl {
namespace {

// Whether the value seems to be that of orders that came about.
bool LooksGood(absl::string_view lower) {
  for (const char* part : {"complet", "paid", "deliver", "shipped", "fulfil", "done", "sold",
                           "closed", "abgeschlossen", "bezahlt", "versandt", "livr", "termin",
                           "selesai", "normal", "original"}) {
    if (absl::StrContains(lower, part) && !absl::StrContains(lower, "un")) return true;
  }
  return IsWordForSale({lower.data(), lower.size()}) ||
         IsWordForGoods({lower.data(), lower.size()});
}

// The value that most looks like that of an order which never came about, or else the rarest of
// those that do not look as if it did.
const std::string& ValueToLeaveOut(const ColumnValues& column) {
  const std::pair<std::string, int64_t>* rarest = &column.values[0];
  bool rarest_is_good = true;
  for (const auto& value : column.values) {
    const std::string lower = absl::AsciiStrToLower(value.first);
    for (const char* part : {"cancel", "void", "refund", "fail", "storn", "annul", "delet"}) {
      if (absl::StrContains(lower, part)) return value.first;
    }
    const bool is_good = LooksGood(lower);
    if (is_good && !rarest_is_good) continue;
    if (is_good == rarest_is_good && value.second > rarest->second) continue;
    rarest = &value;
    rarest_is_good = is_good;
  }
  return rarest->first;
}

// The columns without a role that no condition uses.
std::vector<size_t> UnusedColumns(const FlatColumns& columns, const FileSettings& settings) {
  std::vector<RowCondition> conditions = settings.where;
  conditions.insert(conditions.end(), settings.return_where.begin(), settings.return_where.end());
  if (!settings.with_cancelled) {
    for (auto& one : FormConditions(columns.header(), settings.where)) {
      conditions.push_back(std::move(one));
    }
  }
  std::vector<size_t> unused;
  for (const size_t place : columns.ignored()) {
    const absl::string_view name = absl::StripAsciiWhitespace(columns.header()[place]);
    if (std::none_of(conditions.begin(), conditions.end(), [&](const RowCondition& condition) {
          return absl::EqualsIgnoreCase(condition.column, name);
        })) {
      unused.push_back(place);
    }
  }
  return unused;
}

std::string QuotedNames(const std::vector<std::string>& names) {
  return absl::StrJoin(names, " and ", [](std::string* out, const std::string& name) {
    absl::StrAppend(out, Quoted(name));
  });
}

std::vector<std::string> NotesOf(const FlatColumns& columns) {
  std::vector<std::string> notes;
  if (!columns.preset().empty()) {
    notes.push_back(absl::StrCat("read as an export of ", columns.preset()));
  }
  notes.insert(notes.end(), columns.notes().begin(), columns.notes().end());
  return notes;
}

}  // namespace

std::vector<std::string> BasketNotes(const FlatColumns& columns, const Baskets& baskets,
                                     const WhereSurvey& where) {
  std::vector<std::string> notes = NotesOf(columns);
  for (std::string& note : baskets.Notes()) notes.push_back(std::move(note));
  for (std::string& note : where.Notes()) notes.push_back(std::move(note));
  return notes;
}

std::vector<std::string> ColumnNotes(const NotedFile& in) {
  std::vector<std::string> notes = NotesOf(in.columns);
  if (!in.columns.Has(Role::kQuantity)) {
    notes.push_back(
        "no column is the quantity, so each row is one unit; if there is one, name it "
        "with --columns=quantity=NAME");
  }
  if (!in.columns.Has(Role::kPrice) && !in.columns.Has(Role::kTotal)) {
    notes.push_back(
        "no column is the price, so all prices are 0; if there is one, name it with "
        "--columns=price=NAME, or with total=NAME if it holds the total of the line");
  }
  if (!in.conventions.total_is_of_line) {
    notes.push_back(
        "the column total is not quantity times price, so it is not the total of its "
        "line and was ignored; if it is, say --columns=total=total");
  }
  if (in.survey.total_may_be_of_order()) {
    notes.push_back(absl::StrCat(
        "all rows of each order have the same ", Quoted(in.columns.Name(Role::kTotal)),
        ", which was read as the total of each line; if it is the total of the order, give the "
        "column another name, or give a column of prices with --columns=price=NAME"));
  }
  const std::vector<size_t> ignored = UnusedColumns(in.columns, in.settings);
  if (!ignored.empty()) {
    notes.push_back(absl::StrCat("ignored columns without a role: ",
                                 absl::StrJoin(ignored, ", ", [&](std::string* out, size_t place) {
                                   absl::StrAppend(out, in.columns.header()[place]);
                                 })));
  }
  const std::vector<std::string> discounts = in.survey.Discounts();
  if (!discounts.empty()) {
    notes.push_back(absl::StrCat(
        discounts.size() == 1 ? "the column " : "the columns ", QuotedNames(discounts),
        discounts.size() == 1 ? " has" : " have",
        " discounts, which are not taken off the prices; if a column has the total of the line "
        "after discounts, name it with --columns=total=NAME"));
  }
  for (const size_t place : ignored) {
    const std::string& name = in.columns.header()[place];
    if (in.columns.Has(Role::kTotal) || !in.conventions.total_is_of_line || !NamesATotal(name))
      continue;
    notes.push_back(absl::StrCat("the column ", Quoted(name),
                                 " looks like the total of a line, discounts included; if it is, "
                                 "say --columns=total=\"",
                                 name, "\""));
  }
  for (std::string& note : in.where.Notes()) notes.push_back(std::move(note));
  for (std::string& note : in.survey.states().UnmetReturns()) notes.push_back(std::move(note));
  for (const ColumnValues& status : in.survey.states().Counted()) {
    notes.push_back(absl::StrCat("rows count whatever their ", Quoted(status.column), ": ",
                                 status.Text(), "; to leave some out, say for example --where='",
                                 status.column, "!=", ValueToLeaveOut(status), "'"));
  }
  return notes;
}

}  // namespace clustr::ctl
