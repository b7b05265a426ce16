#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CURRENCY_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CURRENCY_H_

#include <string_view>

// Which texts beside a number are a currency. Pure functions, thread-safe, O(length).
namespace clustr::ctl {

// One name for the currency that a sign, an ISO 4217 code or an abbreviation means: `$` for `$`,
// `US$` and `USD`, `€` for `€` and `EUR`, and else the code where the text has one meaning (`zł` is
// PLN). Texts with several meanings, such as `kr`, stand for themselves. Empty if the text is no
// currency. The result is a constant and outlives `text`.
std::string_view CurrencyOf(std::string_view text);

// True for abbreviations that may end with a dot, such as `kr.` and `Rs.`; `text` has no dot.
bool IsAbbreviatedCurrency(std::string_view text);

// True for an ISO 4217 code in capitals, and for a sign such as `€`.
bool IsCurrencyCodeOrSign(std::string_view text);

// The currency of a shop that writes one amount with `one` and another with `other`: `kr` is any of
// the crowns of the North, and `Rs` any of the rupees. Empty if they are two.
std::string_view CommonCurrency(std::string_view one, std::string_view other);

// The currency of an amount that has one text in front of it and one behind, as `$5.00 CAD`; both
// as CurrencyOf returns them. Empty if they contradict each other.
std::string_view JoinedCurrency(std::string_view front, std::string_view behind);

// Whether prices in this currency, as CurrencyOf names it, have no fractions, so that a mark before
// three digits separates thousands.
bool HasNoFractions(std::string_view currency);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CURRENCY_H_
