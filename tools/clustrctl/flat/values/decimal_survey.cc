#include "tools/clustrctl/flat/values/decimal_survey.h"

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/pieces.h"

namespace clustr::ctl {
namespace {

constexpr char kRemedy[] =
    "; say which mark separates the fraction with --decimal=dot or "
    "--decimal=comma";

// A number as a text with a decimal dot and no grouping.
std::string Plain(std::string_view text, DecimalMark mark) {
  const auto amount = ParseAmount(text, mark);
  if (!amount.has_value()) return "no number";
  std::string digits = absl::StrCat(amount->number.digits);
  const auto scale = static_cast<size_t>(amount->number.scale);
  if (scale == 0) return digits;
  if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
  return digits.insert(digits.size() - scale, 1, '.');
}

}  // namespace

void DecimalSurvey::Add(std::string_view text) {
  if (text.empty() || text == last_) return;
  if (!dot_.empty() && !comma_.empty() && !either_.empty()) return;
  last_ = std::string(text);
  bool decoded = false;
  text = ValueText(text, &scratch_, &decoded);
  const std::string_view measured = is_quantity_ ? WithoutMeasure(text) : std::string_view();
  if (!measured.empty()) text = measured;
  std::string* kept = nullptr;
  const MarkEvidence evidence = EvidenceOf(text, currency_);
  if (evidence == MarkEvidence::kEither
          ? !text.ends_with("000")
          : text.find_first_of("0123456789") != std::string_view::npos) {
    has_others_ = true;
  }
  switch (evidence) {
    case MarkEvidence::kNone:
      return;
    case MarkEvidence::kDot:
      kept = &dot_;
      break;
    case MarkEvidence::kComma:
      kept = &comma_;
      break;
    case MarkEvidence::kEither:
      kept = &either_;
      break;
  }
  if (kept->empty()) *kept = std::string(text);
}

absl::StatusOr<DecimalMark> DecideMark(const DecimalSurvey& column,
                                       absl::Span<const DecimalSurvey> all) {
  if (!column.dot().empty() && !column.comma().empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the numbers in ", Quoted(column.column()),
        " have different decimal marks: ", Quoted(column.dot()), " has a dot and ",
        Quoted(column.comma()), " a comma", kRemedy, ", which refuses the rows that do not fit"));
  }
  if (!column.comma().empty()) return DecimalMark::kComma;
  if (!column.dot().empty() || column.either().empty()) return DecimalMark::kDot;
  bool dot = false;
  bool comma = false;
  for (const DecimalSurvey& other : all) {
    dot = dot || !other.dot().empty();
    comma = comma || !other.comma().empty();
  }
  const std::string& text = column.either();
  const bool makes_thousands = text.find(comma ? ',' : '.') == std::string::npos;
  if (dot != comma && !(column.may_be_units_with_zeros() && makes_thousands)) {
    return dot ? DecimalMark::kDot : DecimalMark::kComma;
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the numbers in ", Quoted(column.column()), " have two readings: ", Quoted(text), " is ",
      Plain(text, DecimalMark::kDot), " with --decimal=dot and ", Plain(text, DecimalMark::kComma),
      " with --decimal=comma; say which one is right"));
}

}  // namespace clustr::ctl
