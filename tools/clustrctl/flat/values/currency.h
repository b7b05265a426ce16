#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CURRENCY_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CURRENCY_H_

#include <string_view>

// Which texts beside a number are a currency. Pure functions, thread-safe, O(length).
namespace clustr::ctl {

// One name for the currency that a sign, an ISO 4217 code or an abbreviation means: `€` for `€` and
// `EUR`, `£` for `£` and `GBP`, and else the code where the text has one meaning (`zł` is PLN,
// `US$` is USD). Texts with several meanings, such as `$`, `¥` and `kr`, stand for themselves.
// Empty if the text is no currency. The result is a constant and outlives `text`.
std::string_view CurrencyOf(std::string_view text);

// True for abbreviations that may end with a dot, such as `kr.` and `Rs.`; `text` has no dot.
bool IsAbbreviatedCurrency(std::string_view text);

// True for an ISO 4217 code in capitals, and for a sign such as `€`.
bool IsCurrencyCodeOrSign(std::string_view text);

// The currency of a shop that writes one amount with `one` and another with `other`: `kr` is any of
// the crowns of the North, `Rs` any of the rupees, `¥` JPY or CNY, and `$` alone is USD. Empty if
// they are two.
std::string_view CommonCurrency(std::string_view one, std::string_view other);

// Whether a shop with the currency `shop` may write its amounts with `currency`, as CurrencyOf
// names both: `$` may be CAD where the shop says so, but USD is not.
bool MayBeWrittenAs(std::string_view shop, std::string_view currency);

// The currency of an amount that has one text in front of it and one behind, as `$5.00 CAD`; both
// as CurrencyOf returns them. Empty if they contradict each other.
std::string_view JoinedCurrency(std::string_view front, std::string_view behind);

// Whether prices in this currency, as CurrencyOf names it, have no fractions, so that a mark before
// three digits separates thousands.
bool HasNoFractions(std::string_view currency);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CURRENCY_H_
