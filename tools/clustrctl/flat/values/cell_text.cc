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
// spaces, zero-width space, and the byte order mark.
constexpr std::array<std::string_view, 7> kWideSpaces = {
    "\xC2\xA0",     "\xE2\x80\x87", "\xE2\x80\x89", "\xE2\x80\xAF",
    "\xE3\x80\x80", "\xE2\x80\x8B", "\xEF\xBB\xBF"};

// The bytes 0x80 to 0x9F of Windows-1252.
constexpr std::array<uint16_t, 32> kWindows1252 = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

bool IsSpaceOrControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

void AppendUtf8(uint32_t code_point, std::string* out) {
  if (code_point < 0x80) {
    out->push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code_point >> 6));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xE0 | code_point >> 12));
    out->push_back(static_cast<char>(0x80 | (code_point >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  }
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

bool IsNullWord(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kWords = {
      "null", "nan", "na", "n/a", "none", "nil", "\\n", "(null)", "<null>", "#n/a"};
  if (text.size() < 2 || text.size() > 6) return false;
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return absl::EqualsIgnoreCase(absl::string_view(text.data(), text.size()),
                                  absl::string_view(word.data(), word.size()));
  });
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
  const bool is_number =
      code.size() > 2 && code.ends_with(".0") && AllDigits(code.substr(0, code.size() - 2));
  return is_number ? code.substr(0, code.size() - 2) : code;
}

bool IsScientific(std::string_view text) {
  const size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e + 2 >= text.size() || text[e + 1] != '+') return false;
  if (!AllDigits(text.substr(e + 2)) || text.size() - e > 5) return false;
  std::string_view mantissa = text.substr(0, e);
  if (!mantissa.empty() && mantissa.front() == '-') mantissa.remove_prefix(1);
  const size_t mark = mantissa.find_first_of(".,");
  if (mark == std::string_view::npos) return AllDigits(mantissa);
  return AllDigits(mantissa.substr(0, mark)) && AllDigits(mantissa.substr(mark + 1));
}

bool IsSpreadsheetError(std::string_view text) {
  static constexpr std::array<std::string_view, 8> kErrors = {
      "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!"};
  if (text.empty() || text.front() != '#') return false;
  if (text.size() >= 3 && text.find_first_not_of('#') == std::string_view::npos) return true;
  return std::find(kErrors.begin(), kErrors.end(), text) != kErrors.end();
}

}  // namespace clustr::ctl
