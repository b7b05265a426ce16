#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CELL_TEXT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CELL_TEXT_H_

#include <string>
#include <string_view>

// What a cell says, without what editors and spreadsheets leave around it. Pure functions,
// thread-safe, O(length).
namespace clustr::ctl {

// `text` without white space at its ends: spaces, tabs, line breaks, no-break and thin spaces,
// zero-width spaces and byte order marks. Text that is not UTF-8 loses only its ASCII white space.
std::string_view Trimmed(std::string_view text);

// `text` in UTF-8. Text that is not well-formed UTF-8 is taken for Windows-1252, in which every
// byte is a character (the five undefined ones become U+FFFD), and `decoded` is set to true.
std::string Utf8Text(std::string_view text, bool* decoded);

// True if the text is a word that programs write for "nothing": NULL, NaN, NA, N/A, None, nil, \N,
// (null), <null> or #N/A, whatever its case.
bool IsNullWord(std::string_view text);

// The text inside the marks by which spreadsheets keep a value as text: `="00123"` and `'00123`
// become 00123. Any other text is returned unchanged.
std::string_view WithoutSpreadsheetMarks(std::string_view text);

// The text on one line: each run of white space and control characters, and each no-break space,
// becomes one space. The ends are trimmed. `text` must be UTF-8.
std::string OnOneLine(std::string_view text);

// A whole number with an empty fraction, as spreadsheets write codes: `17850.0` becomes `17850`.
// Any other text is returned unchanged.
std::string_view WithoutEmptyFraction(std::string_view code);

// True for a number in scientific notation, such as 4.71E+12, in which a spreadsheet has lost the
// last digits of a code.
bool IsScientific(std::string_view text);

// True for the error values of spreadsheets, such as #REF! and #VALUE!.
bool IsSpreadsheetError(std::string_view text);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CELL_TEXT_H_
