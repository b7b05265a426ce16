#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CELL_TEXT_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CELL_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// What a cell says, without what editors and spreadsheets leave around it. Pure functions,
// thread-safe, O(length).
namespace clustr::ctl {

// `text` without white space at its ends: spaces, tabs, line breaks, no-break and thin spaces,
// zero-width spaces and byte order marks. Text that is not UTF-8 loses only its ASCII white space.
std::string_view Trimmed(std::string_view text);

// Length of the white space character at the start of `text`; 0 if there is none.
size_t SpaceAt(std::string_view text);

// `text` in UTF-8. Text that is not well-formed UTF-8 is taken for Windows-1252, in which every
// byte is a character (the five undefined ones become U+FFFD), and `decoded` is set to true.
std::string Utf8Text(std::string_view text, bool* decoded);

// The text as it was before somebody read its UTF-8 as Windows-1252 and wrote it as UTF-8 once
// more: `Käse` for `KÃ¤se`. Any other text is returned unchanged: it has a character that
// Windows-1252 lacks, or makes no UTF-8. O(length).
std::string DecodedOnceMore(std::string_view text);

// Adds a character in UTF-8. `code_point` must be one: below 0x110000, and no surrogate.
void AppendUtf8(uint32_t code_point, std::string* out);

// `text` without marks that nobody sees: soft hyphens, zero-width spaces, and marks of the
// direction of writing, which copying from Windows leaves. `text` must be UTF-8.
std::string WithoutInvisible(std::string_view text);

// The number or date that a cell holds: in UTF-8, with digits and marks of full width in their
// ASCII form, without invisible marks, white space at the ends and the marks of spreadsheets. The
// result is part of `cell` or of `scratch`. `decoded` is set to true if the cell is not UTF-8.
std::string_view ValueText(std::string_view cell, std::string* scratch, bool* decoded);

// True if the text is what programs write for "nothing", whatever its case: NULL, NaN, NA, N/A,
// None, nil, \N, undefined, also in brackets, the "not available" of spreadsheets in several
// languages (#N/A, #NV), or a dash or two; and NaT, which must be written so.
bool IsNullWord(std::string_view text);

// True if nothing remains of the cell when it is trimmed, or a null word.
bool IsEmptyCell(std::string_view cell);

// The text inside the marks by which spreadsheets keep a value as text: `="00123"` and `'00123`
// become 00123. Any other text is returned unchanged.
std::string_view WithoutSpreadsheetMarks(std::string_view text);

// The text on one line: each run of white space and control characters, and each no-break space,
// becomes one space. The ends are trimmed. `text` must be UTF-8.
std::string OnOneLine(std::string_view text);

// A whole number with an empty fraction, as spreadsheets write codes: `17850.0`, `17850,00` and
// `17850.000000` become `17850`. Any other text is returned unchanged, as is `1.000`, which may be
// a thousand.
std::string_view WithoutEmptyFraction(std::string_view code);

// True for a number in scientific notation, in which digits may be lost: 4.71E+12, 4.71e12,
// 1.2E-05. A text with neither a fraction nor a sign, such as 12E5, is none: it may be a code.
bool IsScientific(std::string_view text);

// True for digits in groups of three: 1,001, 12'500.
bool IsGroupedNumber(std::string_view text);

// True for a text in single or curly quotes, which do not quote cells.
bool IsQuotedOtherwise(std::string_view text);

// True for the error values of spreadsheets, such as #REF! and #VALUE!.
bool IsSpreadsheetError(std::string_view text);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_VALUES_CELL_TEXT_H_
