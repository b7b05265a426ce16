#include "tools/clustrctl/flat/input/file_kind.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace clustr::ctl {
namespace {

using std::string_view_literals::operator""sv;

struct Kind {
  std::string_view magic;
  const char* name;
};

// Files that are compressed or packed in a way that is not read.
constexpr Kind kPacked[] = {
    {"BZh", "compressed with bzip2"},
    {"\xFD"
     "7zXZ",
     "compressed with xz"},
    {"\x28\xB5\x2F\xFD", "compressed with zstd"},
    {"7z\xBC\xAF", "a 7-Zip archive"},
    {"Rar!", "a RAR archive"},
};

constexpr Kind kOther[] = {
    {"%PDF", "a PDF document"},
    {"PAR1", "a Parquet file"},
    {"SQLite format 3", "an SQLite database"},
    {"\x89PNG", "a picture"},
    {"\xFF\xD8\xFF", "a picture"},
    {"GIF8", "a picture"},
    {"{\\rtf", "an RTF document"},
};

std::string_view FirstText(std::string_view head) {
  const size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first == std::string_view::npos ? std::string_view() : head.substr(first);
}

bool StartsWithIgnoringCase(std::string_view text, const char* prefix) {
  return absl::StartsWithIgnoreCase(absl::string_view(text.data(), text.size()), prefix);
}

}  // namespace

TextEncoding EncodingOf(std::string_view head) {
  if (head.starts_with("\xFF\xFE\0\0"sv)) return TextEncoding::kUtf32Le;
  if (head.starts_with("\0\0\xFE\xFF"sv)) return TextEncoding::kUtf32Be;
  if (head.starts_with("\xFF\xFE")) return TextEncoding::kUtf16Le;
  if (head.starts_with("\xFE\xFF")) return TextEncoding::kUtf16Be;
  size_t zeros[2] = {0, 0};
  const size_t size = std::min<size_t>(head.size(), 200) / 2 * 2;
  for (size_t i = 0; i < size; ++i) {
    if (head[i] == 0) ++zeros[i % 2];
  }
  if (size >= 8 && zeros[1] > size * 2 / 5 && zeros[0] == 0) return TextEncoding::kUtf16Le;
  if (size >= 8 && zeros[0] > size * 2 / 5 && zeros[1] == 0) return TextEncoding::kUtf16Be;
  return TextEncoding::kUtf8OrLegacy;
}

bool IsZip(std::string_view head) {
  return head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06");
}

std::string WhyNotColumns(std::string_view head) {
  if (head.starts_with("\xD0\xCF\x11\xE0")) {
    return absl::StrCat("is an Excel workbook (.xls); ", kSaveAsCsv);
  }
  for (const Kind& kind : kPacked) {
    if (head.starts_with(kind.magic)) {
      return absl::StrCat("is ", kind.name, "; unpack it, and import the file inside");
    }
  }
  for (const Kind& kind : kOther) {
    if (head.starts_with(kind.magic)) {
      return absl::StrCat("is ", kind.name, "; export the order lines as a CSV file instead");
    }
  }
  const std::string_view text = FirstText(head);
  if (StartsWithIgnoringCase(text, "<?xml") || StartsWithIgnoringCase(text, "<html") ||
      StartsWithIgnoringCase(text, "<!doctype") || StartsWithIgnoringCase(text, "<table")) {
    return absl::StrCat("is a web page or XML, as some shops call .xls; ", kSaveAsCsv);
  }
  if (text.starts_with("{\"") || text.starts_with("[{") || text.starts_with("{\n") ||
      text.starts_with("[\n")) {
    return "is JSON; export the order lines as a CSV file instead";
  }
  if (EncodingOf(head) != TextEncoding::kUtf8OrLegacy) return "";
  if (head.size() > 262 && head.substr(257).starts_with("ustar")) {
    return "is a tar archive; unpack it, and import the file inside";
  }
  // Some programs fill up the last block of a file with zero bytes.
  head = head.substr(0, head.find_last_not_of('\0') + 1);
  const auto zeros = std::count(head.begin(), head.end(), '\0');
  if (zeros > 0 && zeros * 20 > static_cast<ptrdiff_t>(head.size())) {
    return "is a binary file and no text; export the order lines as a CSV file";
  }
  return "";
}

}  // namespace clustr::ctl
