#include "tools/clustrctl/flat/columns/row_filter.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/presets.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

bool Names(const RowCondition& condition, std::string_view cell) {
  const absl::string_view text(cell.data(), cell.size());
  return std::any_of(condition.values.begin(), condition.values.end(),
                     [&](const std::string& value) { return absl::EqualsIgnoreCase(value, text); });
}

bool Fits(const RowCondition& condition, std::string_view cell) {
  return Names(condition, cell) == condition.is_one_of;
}

}  // namespace

absl::StatusOr<RowCondition> ParseCondition(std::string_view text) {
  RowCondition condition;
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(absl::string_view(text.data(), text.size())),
                     " names no column and values; give for example --where='Financial "
                     "Status=paid,partially_refunded' or --where='Status!=cancelled'"));
  }
  condition.is_one_of = text[equals - 1] != '!';
  const std::string_view column = text.substr(0, condition.is_one_of ? equals : equals - 1);
  condition.column =
      std::string(absl::StripAsciiWhitespace(absl::string_view(column.data(), column.size())));
  const std::string_view values = text.substr(equals + 1);
  for (const absl::string_view value :
       absl::StrSplit(absl::string_view(values.data(), values.size()), ',')) {
    condition.values.emplace_back(absl::StripAsciiWhitespace(value));
  }
  return condition;
}

std::vector<RowCondition> FormConditions(absl::Span<const std::string> header,
                                         const std::vector<RowCondition>& given) {
  const Preset* form = FindPreset(header);
  std::vector<RowCondition> conditions;
  if (form == nullptr) return conditions;
  for (const Preset::Status& status : form->statuses) {
    for (const std::string& name : status.names) {
      const auto is_named = [&](const std::string& other) {
        return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(other), name);
      };
      if (std::count_if(header.begin(), header.end(), is_named) != 1) continue;
      for (const RowCondition& condition : given) {
        if (is_named(condition.column)) return {};
      }
      const bool any_text = status.words.empty();
      conditions.push_back(
          {name, any_text, any_text ? std::vector<std::string>{""} : status.words});
      break;
    }
  }
  return conditions;
}

absl::StatusOr<RowFilter> RowFilter::Bind(absl::Span<const std::string> header,
                                          const std::vector<RowCondition>& conditions) {
  RowFilter filter;
  for (const RowCondition& condition : conditions) {
    CLUSTR_ASSIGN_OR_RETURN(const int place, FindColumn(header, condition.column));
    if (place < 0) {
      return absl::FailedPreconditionError(
          absl::StrCat("there is no column ", Quoted(condition.column),
                       " for --where; name one of ", absl::StrJoin(header, ", ")));
    }
    filter.conditions_.push_back({static_cast<size_t>(place), condition});
    filter.empty_cells_fit_ = filter.empty_cells_fit_ && Fits(condition, "");
  }
  return filter;
}

std::string_view RowFilter::CellOf(const Bound& bound, absl::Span<const std::string_view> cells) {
  const std::string_view cell = bound.place < cells.size() ? Trimmed(cells[bound.place]) : "";
  // A word such as NULL is an empty cell, unless the condition means that word.
  return IsNullWord(cell) && !Names(bound.condition, cell) ? "" : cell;
}

RowFilter::Verdict RowFilter::Check(absl::Span<const std::string_view> cells) const {
  bool any_text = conditions_.empty();
  for (const Bound& bound : conditions_) {
    const std::string_view cell = CellOf(bound, cells);
    if (cell.empty()) continue;
    any_text = true;
    if (!Fits(bound.condition, cell)) return Verdict::kDoesNot;
  }
  return any_text ? Verdict::kCounts : Verdict::kOpen;
}

std::string_view RowFilter::Reason(absl::Span<const std::string_view> cells) const {
  for (const Bound& bound : conditions_) {
    const std::string_view cell = CellOf(bound, cells);
    if (!cell.empty() && !Fits(bound.condition, cell)) return cell;
  }
  return "";
}

}  // namespace clustr::ctl
