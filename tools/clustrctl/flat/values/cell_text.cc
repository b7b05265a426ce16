#include "tools/clustrctl/flat/values/cell_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/importing/utf8.h"

namespace clustr::ctl {
namespace {

// White space beyond ASCII, in UTF-8: no-break, figure, thin, narrow no-break and ideographic
// spaces, the separators of lines and paragraphs, zero-width space, and the byte order mark.
constexpr std::array<std::string_view, 9> kWideSpaces = {
    "\xC2\xA0",     "\xE2\x80\x87", "\xE2\x80\x89", "\xE2\x80\xA8", "\xE2\x80\xA9",
    "\xE2\x80\xAF", "\xE3\x80\x80", "\xE2\x80\x8B", "\xEF\xBB\xBF"};

// The bytes 0x80 to 0x9F of Windows-1252.
constexpr std::array<uint16_t, 32> kWindows1252 = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

bool IsSpaceOrControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

// Length of the wide space at the start of `text`, or of a control character beyond ASCII; 0 if
// there is none.
size_t WideSpaceAt(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0x80) return 0;
  if (text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0) return 2;
  for (const std::string_view space : kWideSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

size_t WideSpaceBefore(std::string_view text) {
  if (static_cast<unsigned char>(text.back()) < 0x80) return 0;
  for (const std::string_view space : kWideSpaces) {
    if (text.ends_with(space)) return space.size();
  }
  return 0;
}

bool AllAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Length of a mark that nobody sees, at the start of `text`; 0 if there is none. The joiners
// U+200C and U+200D are seen, in Persian, in the scripts of India and in emoji.
size_t InvisibleAt(std::string_view text) {
  if (text.starts_with("\u00AD")) return 2;
  if (text.size() < 3 || (text[0] != '\xE2' && text[0] != '\xEF')) return 0;
  if (text.starts_with("\uFEFF")) return 3;
  const auto last = static_cast<unsigned char>(text[2]);
  if (text[0] == '\xE2' && text[1] == '\x80') {
    // U+200B, U+200E, U+200F, and U+202A to U+202E.
    return last == 0x8B || last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE) ? 3 : 0;
  }
  // U+2060 to U+2064, and U+2066 to U+2069.
  return text[0] == '\xE2' && text[1] == '\x81' && last >= 0xA0 && last <= 0xA9 ? 3 : 0;
}

// The ASCII form of a digit of the Arabic, Persian, Indian or Thai script, or of an Arabic mark
// between digits, at the start of `text`, and its length; 0 if there is none.
char LatinDigit(std::string_view text, size_t* length) {
  struct Script {
    std::string_view lead;  // The bytes in front of the last one.
    unsigned char zero;     // The last byte of the digit 0.
  };
  static constexpr auto kScripts = std::to_array<Script>(
      {{"\xD9", 0xA0}, {"\xDB", 0xB0}, {"\xE0\xA5", 0xA6}, {"\xE0\xB9", 0x90}});
  for (const Script& script : kScripts) {
    if (!text.starts_with(script.lead) || text.size() <= script.lead.size()) continue;
    const auto last = static_cast<unsigned char>(text[script.lead.size()]);
    *length = script.lead.size() + 1;
    if (last >= script.zero && last <= script.zero + 9) {
      return static_cast<char>('0' + (last - script.zero));
    }
    if (script.lead == "\xD9" && (last == 0xAB || last == 0xAC)) return last == 0xAB ? '.' : ',';
  }
  return '\0';
}

// The ASCII form of a character of full width, U+FF01 to U+FF5E, or of a digit of another script,
// at the start of `text`, and its length; 0 if there is none.
char NarrowForm(std::string_view text, size_t* length) {
  const char digit = LatinDigit(text, length);
  if (digit != '\0') return digit;
  *length = 3;
  if (text.size() < 3 || text[0] != '\xEF' || (text[1] != '\xBC' && text[1] != '\xBD')) return 0;
  const auto last = static_cast<unsigned char>(text[2]);
  const int offset = (text[1] == '\xBC' ? last : last + 0x40) - 0x80;
  return offset >= 1 && offset <= 0x5E ? static_cast<char>(0x20 + offset) : '\0';
}

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string_view Trimmed(std::string_view text) {
  while (!text.empty()) {
    const size_t wide = WideSpaceAt(text);
    if (wide == 0 && !IsSpaceOrControl(text.front())) break;
    text.remove_prefix(wide == 0 ? 1 : wide);
  }
  while (!text.empty()) {
    const size_t wide = WideSpaceBefore(text);
    if (wide == 0 && !IsSpaceOrControl(text.back())) break;
    text.remove_suffix(wide == 0 ? 1 : wide);
  }
  return text;
}

size_t SpaceAt(std::string_view text) {
  if (text.empty()) return 0;
  return IsSpaceOrControl(text.front()) ? 1 : WideSpaceAt(text);
}

std::string Utf8Text(std::string_view text, bool* decoded) {
  if (importing::IsUtf8(text)) return std::string(text);
  *decoded = true;
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    AppendUtf8(byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte, &out);
  }
  return out;
}

std::string DecodedOnceMore(std::string_view text) {
  std::string bytes;
  bool any = false;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 4 || i + length > text.size()) return std::string(text);
    uint32_t code_point = length == 1 ? lead : length == 2 ? lead & 0x1F : lead & 0x0F;
    for (size_t k = 1; k < length; ++k) {
      code_point = code_point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    if (code_point > 0xFF) {
      const auto known = std::find(kWindows1252.begin(), kWindows1252.end(), code_point);
      if (known == kWindows1252.end() || code_point == 0xFFFD) return std::string(text);
      code_point = 0x80 + static_cast<uint32_t>(known - kWindows1252.begin());
    }
    any = any || code_point >= 0x80;
    bytes.push_back(static_cast<char>(code_point));
    i += length;
  }
  return any && importing::IsUtf8(bytes) ? bytes : std::string(text);
}

void AppendUtf8(uint32_t code_point, std::string* out) {
  if (code_point < 0x80) {
    out->push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code_point >> 6));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else if (code_point < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | code_point >> 12));
    out->push_back(static_cast<char>(0x80 | (code_point >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | code_point >> 18));
    out->push_back(static_cast<char>(0x80 | (code_point >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  }
}

std::string WithoutInvisible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t invisible = InvisibleAt(text.substr(i));
    if (invisible == 0) out.push_back(text[i]);
    i += invisible == 0 ? 1 : invisible;
  }
  return out;
}

std::string_view ValueText(std::string_view cell, std::string* scratch, bool* decoded) {
  cell = Trimmed(cell);
  if (AllAscii(cell)) return WithoutSpreadsheetMarks(cell);
  const std::string text = Utf8Text(cell, decoded);
  scratch->clear();
  for (size_t i = 0; i < text.size();) {
    const std::string_view rest = std::string_view(text).substr(i);
    const size_t invisible = InvisibleAt(rest);
    size_t length = 1;
    const char narrow = invisible > 0 ? '\0' : NarrowForm(rest, &length);
    if (invisible == 0) scratch->push_back(narrow == '\0' ? text[i] : narrow);
    i += invisible > 0 ? invisible : narrow == '\0' ? 1 : length;
  }
  return WithoutSpreadsheetMarks(Trimmed(*scratch));
}

bool IsNullWord(std::string_view text) {
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"null",    "nan",     "na",     "n/a",    "n.a.",  "none",  "nil",       "\\n",
       "(null)",  "<null>",  "[null]", "{null}", "<na>",  "<nan>", "(none)",    "<none>",
       "(blank)", "(empty)", "(leer)", "(vide)", "(nil)", "<nil>", "undefined", "-nan",
       "#n/a",    "#na",     "#n/a!",  "#n/d",   "#n/d!", "#n/b",  "#nv",       "#i/t",
       "#yok",    "-",       "--",     "\u2013", "\u2014"});
  if (text.empty() || text.size() > 9) return false;
  const char first = text.front();
  if ((first >= '0' && first <= '9') || (first == '-' && text.size() > 4)) return false;
  if (text == "NaT") return true;
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return absl::EqualsIgnoreCase(absl::string_view(text.data(), text.size()),
                                  absl::string_view(word.data(), word.size()));
  });
}

bool IsEmptyCell(std::string_view cell) {
  if (cell.empty()) return true;
  cell = Trimmed(cell);
  return cell.empty() || IsNullWord(cell);
}

std::string_view WithoutSpreadsheetMarks(std::string_view text) {
  if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"')) {
    return text.substr(2, text.size() - 3);
  }
  if (text.size() >= 2 && text.front() == '\'' && text.find('\'', 1) == std::string_view::npos) {
    return text.substr(1);
  }
  return text;
}

std::string OnOneLine(std::string_view text) {
  text = Trimmed(text);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t wide = WideSpaceAt(text.substr(i));
    if (wide > 0 || (IsSpaceOrControl(text[i]) && text[i] != ' ')) {
      if (!out.empty() && out.back() != ' ') out.push_back(' ');
      i += std::max<size_t>(wide, 1);
    } else {
      if (text[i] != ' ' || out.empty() || out.back() != ' ' || text[i - 1] == ' ') {
        out.push_back(text[i]);
      }
      ++i;
    }
  }
  return out;
}

std::string_view WithoutEmptyFraction(std::string_view code) {
  if (code.empty() || code.back() != '0') return code;
  const size_t mark = code.find_first_of(".,");
  if (mark == std::string_view::npos || mark == 0 || mark + 1 == code.size()) return code;
  const std::string_view zeros = code.substr(mark + 1);
  const bool is_number =
      AllDigits(code.substr(0, mark)) && zeros.find_first_not_of('0') == std::string_view::npos;
  return is_number && (zeros.size() != 3 || mark > 3) ? code.substr(0, mark) : code;
}

bool IsScientific(std::string_view text) {
  const size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e + 1 >= text.size()) return false;
  const bool has_sign = text[e + 1] == '+' || text[e + 1] == '-';
  const std::string_view exponent = text.substr(e + (has_sign ? 2 : 1));
  if (!AllDigits(exponent) || exponent.size() > 3) return false;
  std::string_view mantissa = text.substr(0, e);
  if (!mantissa.empty() && mantissa.front() == '-') mantissa.remove_prefix(1);
  const size_t mark = mantissa.find_first_of(".,");
  if (mark == std::string_view::npos) return text[e + 1] == '+' && AllDigits(mantissa);
  return AllDigits(mantissa.substr(0, mark)) && AllDigits(mantissa.substr(mark + 1));
}

bool IsGroupedNumber(std::string_view text) {
  const size_t first = text.find_first_of(",'");
  if (first == std::string_view::npos || first > 3 || text[0] == '0') return false;
  if (!AllDigits(text.substr(0, first)) || (text.size() - first) % 4 != 0) return false;
  for (size_t i = first; i < text.size(); i += 4) {
    if (text[i] != text[first] || !AllDigits(text.substr(i + 1, 3))) return false;
  }
  return true;
}

bool IsQuotedOtherwise(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kQuotes = {"'",      "\u2018", "\u2019",
                                                              "\u201C", "\u201D", "\u201E"};
  const auto is_any = [&](auto matches) {
    return text.size() > 1 && std::any_of(kQuotes.begin(), kQuotes.end(), matches);
  };
  return is_any([&](std::string_view quote) { return text.starts_with(quote); }) &&
         is_any([&](std::string_view quote) { return text.ends_with(quote); });
}

bool IsSpreadsheetError(std::string_view text) {
  static constexpr std::array<std::string_view, 8> kErrors = {
      "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!"};
  if (text.empty() || text.front() != '#') return false;
  if (text.size() >= 3 && text.find_first_not_of('#') == std::string_view::npos) return true;
  return std::find(kErrors.begin(), kErrors.end(), text) != kErrors.end();
}

}  // namespace clustr::ctl
