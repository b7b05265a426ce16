#include "tools/clustrctl/flat/columns/row_filter.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "tools/clustrctl/flat/columns/columns.h"
#include "tools/clustrctl/flat/columns/presets.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/days/folded_word.h"

namespace clustr::ctl {
namespace {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool Names(const RowCondition& condition, std::string_view cell) {
  return std::any_of(condition.values.begin(), condition.values.end(),
                     [&](const std::string& value) { return IsValue(value, cell); });
}

// Splits at commas outside of double quotes, and takes the quotes away.
std::vector<std::string> SplitValues(std::string_view text) {
  std::vector<std::string> values = {""};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      values.emplace_back();
    } else {
      values.back().push_back(c);
    }
  }
  for (std::string& value : values) value = std::string(absl::StripAsciiWhitespace(value));
  return values;
}

// Whether the condition may hold for each of several columns of one name.
bool HoldsForEach(const RowCondition& condition) {
  return !condition.is_one_of || condition.values[0].empty();
}

bool Fits(const RowCondition& condition, std::string_view cell) {
  return Names(condition, cell) == condition.is_one_of;
}

}  // namespace

bool IsValue(const std::string& value, std::string_view cell) {
  const std::string_view bare = WithoutEmptyFraction(cell);
  const std::string_view wanted = WithoutEmptyFraction(value);
  if (absl::EqualsIgnoreCase(absl::string_view(wanted.data(), wanted.size()),
                             absl::string_view(bare.data(), bare.size()))) {
    return true;
  }
  if (IsAscii(cell)) return false;
  bool decoded = false;
  return FoldedWord(wanted) == FoldedWord(Utf8Text(bare, &decoded));
}

bool FitsCondition(const RowCondition& condition, std::string_view text) {
  return Fits(condition, IsNullWord(text) && !Names(condition, text) ? "" : text);
}

absl::StatusOr<std::vector<PlacedCondition>> PlaceReturns(
    absl::Span<const std::string> header, const std::vector<RowCondition>& conditions) {
  std::vector<PlacedCondition> placed;
  for (const RowCondition& condition : conditions) {
    CLUSTR_ASSIGN_OR_RETURN(const int place, FindColumn(header, condition.column));
    if (place < 0) {
      return absl::FailedPreconditionError(
          absl::StrCat("there is no column ", Quoted(condition.column),
                       " for --return-where; name one of ", absl::StrJoin(header, ", ")));
    }
    placed.push_back({static_cast<size_t>(place), condition});
  }
  return placed;
}

std::string ConditionText(std::string_view flag, const RowCondition& condition) {
  return absl::StrCat("--", absl::string_view(flag.data(), flag.size()), "='", condition.column,
                      condition.is_one_of ? "=" : "!=", absl::StrJoin(condition.values, ","), "'");
}

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
  condition.values = SplitValues(values);
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
      if (std::none_of(header.begin(), header.end(), is_named)) continue;
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
    std::vector<size_t> equal;
    for (size_t i = 0; i < header.size(); ++i) {
      if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(header[i]), condition.column)) {
        equal.push_back(i);
      }
    }
    // Joined tables have `status` twice, and a row must not be cancelled by either.
    if (equal.size() > 1 && HoldsForEach(condition)) {
      for (const size_t place : equal) filter.conditions_.push_back({place, condition});
      filter.empty_cells_fit_ = filter.empty_cells_fit_ && Fits(condition, "");
      continue;
    }
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

bool RowFilter::IsAbout(size_t place) const {
  return std::any_of(conditions_.begin(), conditions_.end(),
                     [&](const PlacedCondition& bound) { return bound.place == place; });
}

std::string_view RowFilter::CellOf(const PlacedCondition& bound,
                                   absl::Span<const std::string_view> cells) {
  const std::string_view cell = bound.place < cells.size() ? Trimmed(cells[bound.place]) : "";
  // A word such as NULL is an empty cell, unless the condition means that word.
  return IsNullWord(cell) && !Names(bound.condition, cell) ? "" : cell;
}

RowFilter::Verdict RowFilter::Check(absl::Span<const std::string_view> cells) const {
  bool any_text = conditions_.empty();
  bool row_fits = true;
  for (const PlacedCondition& bound : conditions_) {
    const std::string_view cell = CellOf(bound, cells);
    if (cell.empty()) continue;
    const bool fits = Fits(bound.condition, cell);
    if (bound.condition.is_of_row) {
      row_fits = row_fits && fits;
      continue;
    }
    any_text = true;
    if (!fits) return Verdict::kDoesNot;
  }
  if (!row_fits) return Verdict::kRowDoesNot;
  return any_text ? Verdict::kCounts : Verdict::kOpen;
}

std::string_view RowFilter::Reason(absl::Span<const std::string_view> cells) const {
  for (const PlacedCondition& bound : conditions_) {
    const std::string_view cell = CellOf(bound, cells);
    if (!cell.empty() && !Fits(bound.condition, cell)) return cell;
  }
  return "";
}

}  // namespace clustr::ctl
