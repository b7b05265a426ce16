#ifndef CLUSTR_TOOLS_CLUSTR_MINE_DENSE_NUMBERS_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_DENSE_NUMBERS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace clustr::mine {

// Replaces the numbers of a file with dense ones from 0 on, in the same order. The numbers are
// added part by part, each while it is in the cache. Memory: 5 bytes for each number up to the
// highest one if that is below 65536 or below four times the count of numbers, else about 8 bytes
// for each distinct number. Not thread-safe.
class DenseNumbers {
 public:
  void Add(absl::Span<const uint32_t> part);

  // Replaces `numbers`, which must be all that were added. Returns the original number of each
  // dense one, ascending. Must be called only once.
  std::vector<uint32_t> Replace(absl::Span<uint32_t> numbers);

 private:
  uint32_t bits_ = 0;          // Bitwise OR of all numbers.
  std::vector<uint8_t> seen_;  // Whether each number was added; valid if `bits_` is at most kSmall.
};

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_DENSE_NUMBERS_H_
