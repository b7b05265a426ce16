#ifndef CLUSTR_TESTS_TOOLS_CLUSTR_MINE_RANDOM_FIMI_H_
#define CLUSTR_TESTS_TOOLS_CLUSTR_MINE_RANDOM_FIMI_H_

#include <cstddef>
#include <random>
#include <string>

namespace clustr::mine {

// Fewer than `max_lines` lines as they are found in files, of blanks and numbers of one highest
// value, in every second text ascending; in every second text some bytes are changed, which most
// often makes it one that is refused.
std::string RandomFimi(std::mt19937_64& random, size_t max_lines);

}  // namespace clustr::mine

#endif  // CLUSTR_TESTS_TOOLS_CLUSTR_MINE_RANDOM_FIMI_H_
