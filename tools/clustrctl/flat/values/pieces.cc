#include "tools/clustrctl/flat/values/pieces.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr auto kPieces = std::to_array<std::string_view>(
    {"x",   "×",     "pc",    "pcs",    "piece", "pieces", "ea",   "each", "unit", "units", "st",
     "stk", "Stück", "pz",    "pza",    "pzas",  "ud",     "uds",  "un",   "szt",  "ks",    "db",
     "kpl", "шт",    "pièce", "pièces", "個",    "个",     "件",   "개",   "stck", "adet",  "kom",
     "buc", "τεμ",   "枚",    "点",     "本",    "台",     "قطعة", "pk",   "cnt",  "nos"});
constexpr auto kMeasures = std::to_array<std::string_view>(
    {"kg",  "kgs",   "kilo",  "g",      "gr",     "mg", "t",  "lb",   "lbs", "oz", "l",
     "lt",  "ltr",   "liter", "litre",  "litres", "ml", "cl", "dl",   "m",   "cm", "mm",
     "mtr", "meter", "metre", "metres", "m2",     "m²", "qm", "sqm",  "m3",  "m³", "ft",
     "yd",  "yds",   "gal",   "кг",     "г",      "л",  "м",  "公斤", "斤",  "克", "كغ"});

template <class Words>
bool IsOneOfWords(std::string_view word, const Words& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view one) {
    return absl::EqualsIgnoreCase(absl::string_view(one.data(), one.size()),
                                  absl::string_view(word.data(), word.size()));
  });
}

bool IsPiece(std::string_view word) { return IsOneOfWords(word, kPieces); }

}  // namespace

std::string_view WithoutPieces(std::string_view quantity) {
  const size_t first = quantity.find_first_of("0123456789");
  if (first == std::string_view::npos) return quantity;
  const size_t last = quantity.find_last_of("0123456789");
  std::string_view behind = Trimmed(quantity.substr(last + 1));
  if (behind.ends_with('.')) behind.remove_suffix(1);
  if (first == 0 || quantity.substr(0, first) == "-") {
    return IsPiece(behind) ? quantity.substr(0, last + 1) : quantity;
  }
  const std::string_view front = Trimmed(quantity.substr(0, first));
  const bool is_times = front == "x" || front == "X" || front == "×";
  return is_times && behind.empty() ? quantity.substr(first) : quantity;
}

std::string_view WithoutMeasure(std::string_view quantity) {
  const size_t measure = quantity.find_first_not_of("0123456789.,-+ \xC2\xA0");
  if (measure == std::string_view::npos || measure == 0) return {};
  std::string_view word = Trimmed(quantity.substr(measure));
  if (word.ends_with('.')) word.remove_suffix(1);
  return IsOneOfWords(word, kMeasures) ? Trimmed(quantity.substr(0, measure)) : std::string_view();
}

}  // namespace clustr::ctl
