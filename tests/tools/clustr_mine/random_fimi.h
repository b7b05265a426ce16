#ifndef CLUSTR_TESTS_TOOLS_CLUSTR_MINE_RANDOM_FIMI_H_
#define CLUSTR_TESTS_TOOLS_CLUSTR_MINE_RANDOM_FIMI_H_

#include <cstddef>
#include <random>
#include <string>

namespace clustr::mine {

// Makes fewer than `max_lines` lines of separators and of numbers below a common bound, ascending
// in every second text. Damages some bytes of every second text, which usually makes it invalid.
std::string RandomFimi(std::mt19937_64& random, size_t max_lines);

}  // namespace clustr::mine

#endif  // CLUSTR_TESTS_TOOLS_CLUSTR_MINE_RANDOM_FIMI_H_
