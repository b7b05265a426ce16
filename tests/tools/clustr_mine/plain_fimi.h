#ifndef CLUSTR_TESTS_TOOLS_CLUSTR_MINE_PLAIN_FIMI_H_
#define CLUSTR_TESTS_TOOLS_CLUSTR_MINE_PLAIN_FIMI_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clustr::mine {

// The content of a file in FIMI format, read byte by byte: the twin that ParseFimi is tested
// against.
struct PlainFimi {
  std::vector<std::vector<uint32_t>>
      baskets;  // Items by their numbers in the file; distinct, ascending.
  // Where the first refused number or byte begins; unset if there is none.
  struct Place {
    size_t line;
    size_t column;
  };
  std::optional<Place> refused;
};

PlainFimi ReadPlainly(std::string_view text);

// How the result of ParseFimi with any scan of this machine differs from that of its twin, or from
// that with another scan; empty if they are equal.
std::string Difference(std::string_view text);

}  // namespace clustr::mine

#endif  // CLUSTR_TESTS_TOOLS_CLUSTR_MINE_PLAIN_FIMI_H_
