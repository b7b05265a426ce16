#include "tools/clustrctl/flat/values/pieces.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "tools/clustrctl/flat/values/cell_text.h"

namespace clustr::ctl {
namespace {

constexpr auto kPieces = std::to_array<std::string_view>(
    {"x",  "×",   "pc",    "pcs", "piece", "pieces", "ea", "each", "unit", "units",
     "st", "stk", "Stück", "pz",  "pza",   "pzas",   "ud", "uds",  "un",   "szt",
     "ks", "db",  "kpl",   "шт",  "pièce", "pièces", "個", "个",   "件",   "개"});

bool IsPiece(std::string_view word) {
  return std::any_of(kPieces.begin(), kPieces.end(), [&](std::string_view piece) {
    return absl::EqualsIgnoreCase(absl::string_view(piece.data(), piece.size()),
                                  absl::string_view(word.data(), word.size()));
  });
}

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

}  // namespace clustr::ctl
