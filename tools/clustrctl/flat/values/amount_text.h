#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_AMOUNT_TEXT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_AMOUNT_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Numbers as shops write them. Pure functions, thread-safe, O(length).
namespace clustr::ctl {

// Which character separates the whole part of a number from its fraction.
enum class DecimalMark { kDot, kComma };

// What the text of a number says about the decimal mark of its file.
enum class MarkEvidence {
  kNone,    // Nothing: it has no mark, or is not a number.
  kDot,     // It can be read only with a decimal dot: 2.5, 1,045.99, 1,000,000.
  kComma,   // It can be read only with a decimal comma: 2,5, 1.045,99.
  kEither,  // It has two readings: 1,200 is twelve hundred, or one and a fifth.
};

// A decimal number: digits / 10^scale.
struct Decimal {
  int64_t digits = 0;
  int scale = 0;
};

// An amount as read: its number, and the currency that stands beside it.
struct Amount {
  Decimal number;
  std::string_view currency;  // As CurrencyOf names it; empty if none is given. A constant.
};

// Reads a number with thousands separators (comma or dot, whichever is not the decimal mark, space,
// apostrophe), a sign on either side, brackets for a negative amount, and a known currency on
// either side: see FrameOf. `text` must be UTF-8. Unset if it is no such number, or has more than
// 18 digits.
std::optional<Amount> ParseAmount(std::string_view text, DecimalMark mark);

// What is wrong with a text that ParseAmount does not read, and the remedy.
std::string WhyNoAmount(std::string_view text);

// What `text` says about the decimal mark.
MarkEvidence EvidenceOf(std::string_view text, std::string_view shop = {});

// The value in whole cents; unset if it has a fraction of a cent or is too large. The noise that
// binary arithmetic leaves behind (2.5500000000000003) counts as no fraction.
std::optional<int64_t> ExactCents(const Decimal& number);

// The value in cents, rounded half away from zero; unset if it is too large.
std::optional<int64_t> RoundedCents(const Decimal& number);

// The whole number that the value is, as 2.000 is 2; unset if it has a fraction or is too large.
std::optional<int64_t> Whole(const Decimal& number);

// a - b; unset if it is too large.
std::optional<Decimal> Difference(const Decimal& a, const Decimal& b);

// a * b in cents, rounded half away from zero; unset if it is too large.
std::optional<int64_t> ProductInCents(const Decimal& a, const Decimal& b);

// cents / count, rounded half away from zero. `count` must be at least 1.
int64_t DividedCents(int64_t cents, int64_t count);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_AMOUNT_TEXT_H_
