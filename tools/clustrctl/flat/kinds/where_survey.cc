#include "tools/clustrctl/flat/kinds/where_survey.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "tools/clustrctl/nearest_name.h"

namespace clustr::ctl {
namespace {

constexpr size_t kMostValues = 100;

}  // namespace

WhereSurvey::WhereSurvey(const RowFilter* filter) : filter_(*filter) {
  for (size_t i = 0; i < filter_.size(); ++i) {
    Column& column = columns_.emplace_back();
    column.rows.resize(filter_.condition(i).values.size());
    column.found.column = filter_.condition(i).column;
  }
}

void WhereSurvey::Add(absl::Span<const std::string_view> cells) {
  if (columns_.empty()) return;
  ++rows_;
  const RowFilter::Verdict verdict = filter_.Check(cells);
  if (verdict == RowFilter::Verdict::kCounts ||
      (verdict == RowFilter::Verdict::kOpen && filter_.empty_cells_fit())) {
    ++fitting_;
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    const std::string_view cell = filter_.CellFor(i, cells);
    const RowCondition& condition = filter_.condition(i);
    for (size_t k = 0; k < condition.values.size(); ++k) {
      if (IsValue(condition.values[k], cell)) ++column.rows[k];
    }
    if (cell.empty()) continue;
    const std::string text = ShownText(cell);
    auto& values = column.found.values;
    const auto known = std::find_if(values.begin(), values.end(),
                                    [&](const auto& value) { return value.first == text; });
    if (known != values.end()) {
      ++known->second;
    } else if (values.size() < kMostValues) {
      values.emplace_back(text, 1);
    } else {
      column.has_more = true;
    }
  }
}

// `"paied" or "sold"`: the values of a condition that no row has.
std::string WhereSurvey::MissingText(size_t condition) const {
  std::string text;
  const std::vector<std::string>& values = filter_.condition(condition).values;
  for (size_t k = 0; k < values.size(); ++k) {
    if (columns_[condition].rows[k] > 0 || values[k].empty()) continue;
    absl::StrAppend(&text, text.empty() ? "" : " or ", Quoted(values[k]));
  }
  return text;
}

// `"Status" has paid (3 rows); did you mean "paid"?`
std::string WhereSurvey::FoundText(size_t condition) const {
  const Column& column = columns_[condition];
  std::string text =
      absl::StrCat(Quoted(column.found.column), " has ",
                   column.found.values.empty() ? "no text in any row" : column.found.Text(),
                   column.has_more ? " and more" : "");
  std::vector<std::string> names;
  for (const auto& [name, rows] : column.found.values) names.push_back(name);
  const std::vector<std::string>& values = filter_.condition(condition).values;
  for (size_t k = 0; k < values.size(); ++k) {
    if (column.rows[k] > 0 || values[k].empty()) continue;
    const std::string meant = DidYouMean(values[k], names);
    if (meant.empty()) continue;
    return absl::StrCat(text, meant);
  }
  return absl::StrCat(text, "; correct the value");
}

std::string WhereSurvey::NothingText() const {
  std::vector<std::string> conditions;
  std::vector<std::string> found;
  for (size_t i = 0; i < columns_.size(); ++i) {
    conditions.push_back(ConditionText("where", filter_.condition(i)));
    found.push_back(FoundText(i));
  }
  return absl::StrCat("no row fits ", absl::StrJoin(conditions, " and "),
                      ", so there is nothing to import: ", absl::StrJoin(found, ". "));
}

std::vector<std::string> WhereSurvey::Notes() const {
  if (leaves_nothing()) return {NothingText()};
  std::vector<std::string> notes;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const std::string missing = MissingText(i);
    if (missing.empty()) continue;
    notes.push_back(absl::StrCat("no row has ", missing, " of ",
                                 ConditionText("where", filter_.condition(i)), ": ", FoundText(i)));
  }
  return notes;
}

}  // namespace clustr::ctl
