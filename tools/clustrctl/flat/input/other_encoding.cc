#include "tools/clustrctl/flat/input/other_encoding.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/importing/utf8.h"

namespace clustr::ctl {
namespace {

constexpr size_t kLeastCharacters = 4;

struct Range {
  unsigned char first;
  unsigned char last;

  bool Has(unsigned char byte) const { return byte >= first && byte <= last; }
};

// An encoding with two bytes for a character: what the bytes may be, and which first bytes nearly
// all characters of an ordinary text have.
struct Encoding {
  const char* name;
  const char* iconv_name;
  Range leads[2];
  Range trails[2];
  Range single;  // Characters of one byte; those of half width.
  Range usual[2];
  int least_usual;  // Percent of the characters.
  // Percent of the second bytes that are ASCII, and that are below 0xC0: in texts of other
  // encodings, they are too few or too many.
  Range ascii_trails;
  Range low_trails;
};

// The first one that fits is right: a text in the former seldom fits the latter, but not the other
// way round.
constexpr Encoding kEncodings[] = {
    {"Japanese text in EUC-JP",
     "EUC-JP",
     {{0xA1, 0xFE}, {0x8E, 0x8E}},
     {{0xA1, 0xFE}, {1, 0}},
     {1, 0},
     {{0xA4, 0xA5}, {1, 0}},
     20,
     {0, 0},
     {0, 100}},
    {"Japanese text in Shift_JIS",
     "CP932",
     {{0x81, 0x9F}, {0xE0, 0xFC}},
     {{0x40, 0x7E}, {0x80, 0xFC}},
     {0xA1, 0xDF},
     {{0x81, 0x84}, {0x88, 0x98}},
     80,
     {0, 70},
     {30, 100}},
    {"Chinese text in Big5",
     "BIG5",
     {{0xA1, 0xF9}, {1, 0}},
     {{0x40, 0x7E}, {0xA1, 0xFE}},
     {1, 0},
     {{0xA4, 0xC6}, {1, 0}},
     70,
     {10, 70},
     {0, 100}},
    {"Korean text in EUC-KR",
     "CP949",
     {{0xA1, 0xFE}, {1, 0}},
     {{0xA1, 0xFE}, {1, 0}},
     {1, 0},
     {{0xB0, 0xC8}, {1, 0}},
     95,
     {0, 0},
     {10, 90}},
    {"Chinese text in GBK",
     "GB18030",
     {{0x81, 0xFE}, {1, 0}},
     {{0x40, 0x7E}, {0x80, 0xFE}},
     {1, 0},
     {{0xB0, 0xD7}, {1, 0}},
     60,
     {0, 20},
     {10, 90}},
};

bool IsIn(const Range (&ranges)[2], unsigned char byte) {
  return ranges[0].Has(byte) || ranges[1].Has(byte);
}

bool Fits(const Encoding& encoding, std::string_view text) {
  size_t characters = 0;
  size_t usual = 0;
  size_t ascii_trails = 0;
  size_t low_trails = 0;
  size_t bad = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80 || encoding.single.Has(lead)) continue;
    const auto trail = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (!IsIn(encoding.leads, lead) || !IsIn(encoding.trails, trail)) {
      ++bad;
      continue;
    }
    ++i;
    ++characters;
    if (IsIn(encoding.usual, lead)) ++usual;
    if (trail < 0x80) ++ascii_trails;
    if (trail < 0xC0) ++low_trails;
  }
  const auto percent = [&](size_t count) {
    return static_cast<unsigned char>(100 * count / std::max<size_t>(characters, 1));
  };
  return characters >= kLeastCharacters && 20 * bad <= characters &&
         percent(usual) >= encoding.least_usual &&
         encoding.ascii_trails.Has(percent(ascii_trails)) &&
         encoding.low_trails.Has(percent(low_trails));
}

// Whether words consist of bytes beyond ASCII, as in Cyrillic and Greek. In the languages of
// Windows-1252, such bytes stand alone between ASCII letters.
bool IsOfOtherAlphabet(std::string_view text) {
  size_t bytes = 0;
  size_t runs = 0;
  bool in_run = false;
  for (const char c : text) {
    const bool is_high = static_cast<unsigned char>(c) >= 0x80;
    if (is_high) ++bytes;
    if (is_high && !in_run) ++runs;
    in_run = is_high;
  }
  return runs >= kLeastCharacters && bytes >= 3 * runs;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The cells that are not UTF-8; empty if most cells beyond ASCII are UTF-8, as where files were
// joined.
std::string LegacyCells(std::string_view text) {
  std::string legacy;
  size_t legacy_cells = 0;
  size_t utf8_cells = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of("\r\n,;\t"), text.size() - 1);
    const std::string_view cell = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    if (IsAscii(cell)) continue;
    if (importing::IsUtf8(cell)) {
      ++utf8_cells;
    } else {
      ++legacy_cells;
      legacy += cell;
    }
  }
  return legacy_cells > utf8_cells ? legacy : "";
}

constexpr char kSaveAsUtf8[] =
    "; save it as UTF-8 (in a spreadsheet as \"CSV UTF-8\"), or, if that is right, say --encoding=";

}  // namespace

std::string WhyOtherEncoding(std::string_view head) {
  const auto named = [](const char* name, const char* iconv_name) {
    return absl::StrCat("the file seems to be ", name, kSaveAsUtf8, iconv_name);
  };
  for (const char* escape : {"\x1B$B", "\x1B$@", "\x1B(J"}) {
    if (head.find(escape) != std::string_view::npos) {
      return named("Japanese text in ISO-2022-JP", "ISO-2022-JP");
    }
  }
  if (head.find("\x1B$)C") != std::string_view::npos) {
    return named("Korean text in ISO-2022-KR", "ISO-2022-KR");
  }
  // The last character may be cut off.
  const std::string_view whole = head.substr(0, head.find_last_of("\r\n,;\t|") + 1);
  if (importing::IsUtf8(whole)) return "";
  const std::string legacy = LegacyCells(whole);
  for (const Encoding& encoding : kEncodings) {
    if (Fits(encoding, legacy)) return named(encoding.name, encoding.iconv_name);
  }
  if (!IsOfOtherAlphabet(legacy)) return "";
  return "the file is not UTF-8, and seems to be in an alphabet that Windows-1252 lacks; save it "
         "as "
         "UTF-8 (in a spreadsheet as \"CSV UTF-8\"), or name its encoding, for example "
         "--encoding=windows-1251 for Cyrillic, windows-1253 for Greek or windows-1256 for Arabic";
}

}  // namespace clustr::ctl
