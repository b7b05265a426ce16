#include "tests/tools/clustr_mine/random_fimi.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace clustr::mine {
namespace {

std::string RandomLines(std::mt19937_64& random, size_t max_lines) {
  static constexpr char kEnds[][4] = {"\n", " \n", "\r\n", "\n\n"};
  static constexpr char kBetween[][3] = {" ", " ", " ", ",", "\t", "  "};
  const uint64_t bound = uint64_t{1} << (1 + random() % 33);
  const bool ascending = random() % 2 == 0;
  const bool simple = random() % 2 == 0;
  std::string text;
  for (uint64_t lines = random() % max_lines; lines > 0; --lines) {
    std::vector<uint64_t> numbers(random() % 20);
    for (uint64_t& number : numbers) number = random() % bound % 4294967300;
    if (ascending) {
      std::sort(numbers.begin(), numbers.end());
      numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    }
    for (const uint64_t number : numbers) {
      text += std::to_string(number) + kBetween[simple ? 0 : random() % 6];
    }
    text += kEnds[simple ? 0 : random() % 4];
  }
  return text;
}

}  // namespace

std::string RandomFimi(std::mt19937_64& random, size_t max_lines) {
  std::string text = RandomLines(random, max_lines);
  while (!text.empty() && random() % 2 == 0) {
    const size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text[at] = "0123456789 \n"[random() % 12];
        break;
      case 2:
        text.resize(at);
        break;
      default:
        text.insert(at, std::to_string(random()));
    }
  }
  return text;
}

}  // namespace clustr::mine
