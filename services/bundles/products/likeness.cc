#include "services/bundles/products/likeness.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace clustr::products {
namespace {

constexpr double kCategory = 0.35;
constexpr double kBrand = 0.2;
constexpr double kName = 0.3;
constexpr double kPrice = 0.15;
constexpr double kDoublings = 2;  // Of the price, from which on it is no likeness.

// Bytes beyond ASCII belong to words in any script.
bool IsOfWord(char c) { return absl::ascii_isalnum(c) || static_cast<unsigned char>(c) >= 0x80; }

// FNV-1a.
uint64_t HashOf(absl::string_view word) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : word) {
    hash = (hash ^ static_cast<unsigned char>(absl::ascii_tolower(c))) * 0x100000001b3;
  }
  return hash;
}

std::vector<uint64_t> WordsOf(absl::string_view name) {
  std::vector<uint64_t> words;
  for (size_t begin = 0; begin < name.size();) {
    if (!IsOfWord(name[begin])) {
      ++begin;
      continue;
    }
    size_t end = begin;
    while (end < name.size() && IsOfWord(name[end])) ++end;
    words.push_back(HashOf(name.substr(begin, end - begin)));
    begin = end;
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

// The share of the words of either that both have; 0 if there are none.
double SharedWords(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  size_t shared = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) ++shared;
    const bool step_a = a[i] <= b[j];
    const bool step_b = b[j] <= a[i];
    i += step_a ? 1 : 0;
    j += step_b ? 1 : 0;
  }
  const size_t either = a.size() + b.size() - shared;
  return either == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(either);
}

double PriceLikeness(int64_t a, int64_t b) {
  if (a <= 0 || b <= 0) return 0;
  const double doublings = std::abs(std::log2(static_cast<double>(a) / static_cast<double>(b)));
  return std::max(0.0, 1 - doublings / kDoublings);
}

bool Same(const std::string& a, const std::string& b) { return !a.empty() && a == b; }

}  // namespace

ProductTraits::ProductTraits(const index::Product& of) : product(of), words(WordsOf(of.name)) {}

double Likeness(const ProductTraits& a, const ProductTraits& b) {
  return (Same(a.product.category, b.product.category) ? kCategory : 0) +
         (Same(a.product.brand, b.product.brand) ? kBrand : 0) +
         kName * SharedWords(a.words, b.words) +
         kPrice * PriceLikeness(a.product.price_cents, b.product.price_cents);
}

}  // namespace clustr::products
