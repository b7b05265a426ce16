#include "tools/clustrctl/flat/values/amount_text.h"

#include <array>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "tools/clustrctl/flat/values/amount_frame.h"
#include "tools/clustrctl/flat/values/cell_text.h"
#include "tools/clustrctl/flat/values/currency.h"

namespace clustr::ctl {
namespace {

constexpr int kMaxDigits = 18;
constexpr int64_t kMaxCents = 1'000'000'000'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The length of a space or apostrophe that groups digits, at the start of `text`; 0 if none.
size_t GroupMark(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kMarks = {
      " ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"};
  for (const std::string_view mark : kMarks) {
    if (text.starts_with(mark)) return mark.size();
  }
  return 0;
}

// Reads digits whose decimal mark is `mark`; unset if they are not a number with that mark.
std::optional<Decimal> ParseDigits(std::string_view text, char mark) {
  const char grouping = mark == '.' ? ',' : '.';
  Decimal number;
  int digits = 0;    // Significant digits read.
  int in_group = 0;  // Digits since the last grouping mark.
  bool grouped = false;
  int first_group = 0;   // Digits of the first group,
  int inner_groups = 0;  // and of those between it and the last: 3, or 2 in India; 0 if none.
  std::string_view group_mark;  // All groups have the same mark.
  bool fraction = false;
  bool any = false;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (IsDigit(c)) {
      any = true;
      if (digits > 0 || c != '0') ++digits;
      if (digits > kMaxDigits) return std::nullopt;
      number.digits = 10 * number.digits + (c - '0');
      fraction ? ++number.scale : ++in_group;
      ++i;
      continue;
    }
    if (c == mark) {
      if (fraction || (grouped && in_group != 3)) return std::nullopt;
      fraction = true;
      ++i;
      continue;
    }
    const size_t length = c == grouping ? 1 : GroupMark(text.substr(i));
    const std::string_view mark_here = text.substr(i, length);
    const bool leading_zero = !grouped && (in_group == 0 || text.front() == '0');
    if (length == 0 || fraction || leading_zero) return std::nullopt;
    if (!grouped) {
      if (in_group > 3) return std::nullopt;
      first_group = in_group;
    } else {
      // 12,34,567.89 is the way of India, which has a decimal dot.
      const bool fits = in_group == 3 || (in_group == 2 && c == ',' && first_group <= 2);
      const bool same = inner_groups == 0 || inner_groups == in_group;
      if (!fits || !same || mark_here != group_mark) return std::nullopt;
      inner_groups = in_group;
    }
    group_mark = mark_here;
    grouped = true;
    in_group = 0;
    i += length;
  }
  if (!any || (grouped && in_group != 3)) return std::nullopt;
  return number;
}

// The number in a frame; unset if a dash stands for a fraction and there is one as well.
std::optional<Decimal> ParseFramed(const AmountFrame& frame, char mark) {
  std::optional<Decimal> number = ParseDigits(frame.digits, mark);
  if (frame.is_whole && number.has_value() && number->scale > 0) return std::nullopt;
  return number;
}

// value / 10^scale, rounded half away from zero; `exact` says whether nothing was rounded.
std::optional<int64_t> Scaled(absl::int128 value, int scale, bool* exact) {
  absl::int128 divisor = 1;
  for (int i = 0; i < scale; ++i) divisor *= 10;
  const absl::int128 quotient = value / divisor;
  const absl::int128 rest = value % divisor;
  *exact = rest == 0;
  const absl::int128 twice = 2 * (rest < 0 ? -rest : rest);
  const absl::int128 rounded = quotient + (twice >= divisor ? (value < 0 ? -1 : 1) : 0);
  if (rounded > kMaxCents || rounded < -kMaxCents) return std::nullopt;
  return static_cast<int64_t>(rounded);
}

}  // namespace

std::optional<Amount> ParseAmount(std::string_view text, DecimalMark mark) {
  const AmountFrame frame = FrameOf(text);
  if (!frame.is_good) return std::nullopt;
  if (frame.is_zero) return Amount{{}, frame.currency};
  std::optional<Decimal> number = ParseFramed(frame, mark == DecimalMark::kDot ? '.' : ',');
  if (!number.has_value()) return std::nullopt;
  if (frame.negative) number->digits = -number->digits;
  return Amount{*number, frame.currency};
}

MarkEvidence EvidenceOf(std::string_view text, std::string_view shop) {
  if (text.find_first_of(".,") == std::string_view::npos) return MarkEvidence::kNone;
  const AmountFrame frame = FrameOf(text);
  if (!frame.is_good || frame.is_zero) return MarkEvidence::kNone;
  const std::optional<Decimal> dot = ParseFramed(frame, '.');
  const std::optional<Decimal> comma = ParseFramed(frame, ',');
  if (dot.has_value() && comma.has_value()) {
    const size_t mark = frame.digits.find_first_of(".,");
    const bool marked = mark != std::string_view::npos;
    if (marked && frame.digits.size() == mark + 4) {
      const bool is_of_shop = !frame.currency.empty() && MayBeWrittenAs(shop, frame.currency);
      const bool is_whole = HasNoFractions(is_of_shop ? shop : frame.currency);
      const bool is_comma = frame.digits[mark] == ',';
      // Neither Japan nor China has a decimal comma, but the yuan has fractions.
      if (is_whole || (is_comma && frame.currency == "¥")) {
        return is_comma ? MarkEvidence::kDot : MarkEvidence::kComma;
      }
    }
    return marked ? MarkEvidence::kEither : MarkEvidence::kNone;
  }
  if (dot.has_value()) return MarkEvidence::kDot;
  return comma.has_value() ? MarkEvidence::kComma : MarkEvidence::kNone;
}

std::string WhyNoAmount(std::string_view text) {
  const std::string quoted = Quoted(absl::string_view(text.data(), text.size()));
  if (IsScientific(text)) {
    return absl::StrCat(quoted,
                        " is in scientific notation, in which a spreadsheet may have cut off "
                        "digits; format the column as a number there and export again");
  }
  if (IsQuotedOtherwise(text)) {
    return absl::StrCat(quoted, " stands in quotes that are not \"; use \" or none");
  }
  const AmountFrame frame = FrameOf(text);
  if (frame.has_two_readings) {
    return absl::StrCat(quoted,
                        " is below 0 if the dash is a sign, and above 0 if it stands for no whole "
                        "units; write a 0 between the dash and the mark, or instead of the dash");
  }
  const bool has_digit = text.find_first_of("0123456789") != std::string_view::npos;
  if (has_digit && !frame.unknown.empty()) {
    return absl::StrCat(quoted, " is not a number with a known currency: ",
                        Quoted(absl::string_view(frame.unknown.data(), frame.unknown.size())),
                        " is none; give the number alone, or with a code such as EUR");
  }
  return absl::StrCat(quoted, " is not a number; give for example 12.50");
}

std::optional<int64_t> ExactCents(const Decimal& number) {
  bool exact = false;
  const absl::int128 hundredfold = absl::int128(number.digits) * 100;
  const std::optional<int64_t> cents = Scaled(hundredfold, number.scale, &exact);
  if (exact || !cents.has_value()) return cents;
  if (number.scale < 8) return std::nullopt;
  // Noise lies beyond the sixth decimal of a cent.
  absl::int128 scale = 1;
  for (int i = 0; i < number.scale; ++i) scale *= 10;
  absl::int128 noise = hundredfold - absl::int128(*cents) * scale;
  if (noise < 0) noise = -noise;
  return noise * 1'000'000 < scale ? cents : std::nullopt;
}

std::optional<int64_t> RoundedCents(const Decimal& number) {
  bool exact = false;
  return Scaled(absl::int128(number.digits) * 100, number.scale, &exact);
}

std::optional<int64_t> Whole(const Decimal& number) {
  bool exact = false;
  const std::optional<int64_t> value = Scaled(number.digits, number.scale, &exact);
  return exact ? value : std::nullopt;
}

std::optional<Decimal> Difference(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale, b.scale);
  absl::int128 left = a.digits;
  absl::int128 right = b.digits;
  for (int i = a.scale; i < scale; ++i) left *= 10;
  for (int i = b.scale; i < scale; ++i) right *= 10;
  const absl::int128 difference = left - right;
  if (difference > INT64_MAX || difference < INT64_MIN) return std::nullopt;
  return Decimal{static_cast<int64_t>(difference), scale};
}

std::optional<int64_t> ProductInCents(const Decimal& a, const Decimal& b) {
  bool exact = false;
  if (a.scale + b.scale > 30) return std::nullopt;
  return Scaled(absl::int128(a.digits) * b.digits * 100, a.scale + b.scale, &exact);
}

int64_t DividedCents(int64_t cents, int64_t count) {
  const int64_t half = count / 2;
  return (cents < 0 ? cents - half : cents + half) / count;
}

}  // namespace clustr::ctl
