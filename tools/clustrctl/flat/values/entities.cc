#include "tools/clustrctl/flat/values/entities.h"

#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr size_t kMaxName = 8;

// The code point of an entity without `&` and `;`; 0 if it is none.
uint32_t CodePointOf(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, uint32_t>, 6> kNames = {
      {{"amp", '&'}, {"quot", '"'}, {"lt", '<'}, {"gt", '>'}, {"apos", '\''}, {"nbsp", 0xA0}}};
  for (const auto& [known, code_point] : kNames) {
    if (name == known) return code_point;
  }
  if (name.size() < 2 || name[0] != '#') return 0;
  const bool is_hex = name[1] == 'x' || name[1] == 'X';
  const std::string_view digits = name.substr(is_hex ? 2 : 1);
  uint32_t code_point = 0;
  const absl::string_view text(digits.data(), digits.size());
  const bool is_number =
      is_hex ? absl::SimpleHexAtoi(text, &code_point) : absl::SimpleAtoi(text, &code_point);
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return is_number && !is_surrogate && code_point >= 0x20 && code_point <= 0x10FFFF ? code_point
                                                                                    : 0;
}

}  // namespace

std::string WithoutEntities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    const uint32_t code_point = end != std::string_view::npos && end - i <= kMaxName
                                    ? CodePointOf(text.substr(i + 1, end - i - 1))
                                    : 0;
    if (code_point == 0) {
      out.push_back(text[i++]);
    } else {
      AppendUtf8(code_point, &out);
      i = end + 1;
    }
  }
  return out;
}

}  // namespace clustr::ctl
