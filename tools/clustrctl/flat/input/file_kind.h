#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_FILE_KIND_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_FILE_KIND_H_

#include <string>
#include <string_view>

namespace clustr::ctl {

// The character encoding of a text file, as far as its first bytes tell.
enum class TextEncoding { kUtf8OrLegacy, kUtf16Le, kUtf16Be, kUtf32Le, kUtf32Be };

// The encoding of a file that begins with `head`: by its byte order mark or, without one, by the
// zero bytes that UTF-16 has at every second place of English text. Pure.
TextEncoding EncodingOf(std::string_view head);

// What a file that begins with `head` is, with the remedy, if it is no text with columns:
// `is an Excel workbook; ...`. Empty if it may be one, and for zip archives. Pure.
std::string WhyNotColumns(std::string_view head);

// True if the file begins like a zip archive, which an .xlsx workbook is as well. Pure.
bool IsZip(std::string_view head);

// The advice for a workbook of Excel or another spreadsheet.
inline constexpr char kSaveAsCsv[] =
    "open it in the spreadsheet, choose File > Save As (or Export), choose \"CSV UTF-8 "
    "(comma delimited)\", and import the .csv file";

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_INPUT_FILE_KIND_H_
