#ifndef CLUSTR_TESTS_TOOLS_CLUSTR_MINE_PLAIN_FIMI_H_
#define CLUSTR_TESTS_TOOLS_CLUSTR_MINE_PLAIN_FIMI_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clustr::mine {

// What a file in FIMI format says, found byte by byte: the twin that ParseFimi is checked against.
struct PlainFimi {
  std::vector<std::vector<uint32_t>> baskets;  // As the file calls the items; distinct, ascending.
  // Where the first thing that is refused begins; unset if all is well.
  struct Place {
    size_t line;
    size_t column;
  };
  std::optional<Place> refused;
};

PlainFimi ReadPlainly(std::string_view text);

// How what ParseFimi says of a text, with any scan of this machine, differs from what its twin
// says, or from what it says with another scan; empty if it does not.
std::string Difference(std::string_view text);

}  // namespace clustr::mine

#endif  // CLUSTR_TESTS_TOOLS_CLUSTR_MINE_PLAIN_FIMI_H_
