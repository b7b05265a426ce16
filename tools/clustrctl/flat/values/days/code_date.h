#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CODE_DATE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CODE_DATE_H_

#include <string_view>

// Codes such as 3-1, of which spreadsheets make dates when they open a file. What they leave has
// lost the code: 1-Mar may have been 3-1, 1-3 or 03-01. Pure functions, thread-safe, O(length).
namespace clustr::ctl {

// Whether a code is written as spreadsheets write the dates that they made of codes: `1-Mar`,
// `Mar-01`, `1. Mrz`, `1-Mar-24`, `2024-03-01`, `2024-03-01 00:00:00`, `01.03.2024`, `3/1/2024`.
bool LooksLikeSpreadsheetDate(std::string_view code);

// The mark between the three numbers with which a code begins, as `-` in `1-2-3`; 0 if it does not
// begin so, or if a fourth follows. Dates of numbers have one, too.
char MarkOfThreeNumbers(std::string_view code);

// Whether a code is one of which a spreadsheet would make a date, or might have if its numbers were
// smaller: two numbers of up to four digits, or three of up to two, as `3-1`, `12/1045` and
// `1.2.3`. Dates are none.
bool MayBecomeDate(std::string_view code);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_DAYS_CODE_DATE_H_
