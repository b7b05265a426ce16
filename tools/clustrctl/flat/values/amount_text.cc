#include "tools/clustrctl/flat/values/amount_text.h"

#include <array>

#include "absl/numeric/int128.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr int kMaxDigits = 18;
constexpr int64_t kMaxCents = 1'000'000'000'000'000;
constexpr std::string_view kMinus = "\xE2\x88\x92";  // U+2212

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// True for a byte of a currency sign or code: a letter, `$`, or part of a character beyond ASCII.
bool IsCurrencyByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// A number without what surrounds it.
struct Core {
  std::string_view digits;  // Digits and separators only.
  std::string_view currency;
  bool negative = false;
};

// Removes a sign, a currency or white space from one end of `text`; false if there is none.
bool Strip(bool front, std::string_view* text, Core* core) {
  const size_t before = text->size();
  *text = Trimmed(*text);
  if (text->empty()) return false;
  const auto drop = [&](size_t count) {
    front ? text->remove_prefix(count) : text->remove_suffix(count);
  };
  const char c = front ? text->front() : text->back();
  const bool wide_minus = front ? text->starts_with(kMinus) : text->ends_with(kMinus);
  if (c == '-' || wide_minus) {
    if (core->negative) return false;
    core->negative = true;
    drop(wide_minus ? kMinus.size() : 1);
    return true;
  }
  if (front && c == '+') {
    drop(1);
    return true;
  }
  size_t length = 0;
  while (length < text->size() &&
         IsCurrencyByte(front ? (*text)[length] : (*text)[text->size() - 1 - length])) {
    ++length;
  }
  if (length > 0 && length <= 6 && core->currency.empty()) {
    core->currency = Trimmed(front ? text->substr(0, length) : text->substr(text->size() - length));
    drop(length);
    // `kr.` and `Rs.` end with a dot.
    if (front && text->size() > 1 && text->front() == '.' && !IsDigit((*text)[1])) drop(1);
    return true;
  }
  return text->size() != before;
}

std::optional<Core> CoreOf(std::string_view text) {
  Core core;
  text = Trimmed(text);
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    core.negative = true;
    text = text.substr(1, text.size() - 2);
  }
  while (!text.empty() && !IsDigit(text.front()) && Strip(true, &text, &core)) {
  }
  // Brackets may also stand behind a currency: $(5.00).
  if (text.size() > 2 && !core.negative && text.front() == '(' && text.back() == ')') {
    core.negative = true;
    text = text.substr(1, text.size() - 2);
  }
  while (!text.empty() && !IsDigit(text.back()) && Strip(false, &text, &core)) {
  }
  if (text.empty()) return std::nullopt;
  core.digits = text;
  return core;
}

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
    if (grouped ? in_group != 3 || mark_here != group_mark : in_group > 3) return std::nullopt;
    group_mark = mark_here;
    grouped = true;
    in_group = 0;
    i += length;
  }
  if (!any || (grouped && in_group != 3)) return std::nullopt;
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
  const std::optional<Core> core = CoreOf(text);
  if (!core.has_value()) return std::nullopt;
  std::optional<Decimal> number = ParseDigits(core->digits, mark == DecimalMark::kDot ? '.' : ',');
  if (!number.has_value()) return std::nullopt;
  if (core->negative) number->digits = -number->digits;
  return Amount{*number, core->currency};
}

MarkEvidence EvidenceOf(std::string_view text) {
  if (text.find_first_of(".,") == std::string_view::npos) return MarkEvidence::kNone;
  const std::optional<Core> core = CoreOf(text);
  if (!core.has_value()) return MarkEvidence::kNone;
  const std::optional<Decimal> dot = ParseDigits(core->digits, '.');
  const std::optional<Decimal> comma = ParseDigits(core->digits, ',');
  if (dot.has_value() && comma.has_value()) {
    const bool marked = core->digits.find_first_of(".,") != std::string_view::npos;
    return marked ? MarkEvidence::kEither : MarkEvidence::kNone;
  }
  if (dot.has_value()) return MarkEvidence::kDot;
  return comma.has_value() ? MarkEvidence::kComma : MarkEvidence::kNone;
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
