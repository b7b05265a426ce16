#ifndef CLUSTR_TOOLS_CLUSTR_MINE_DENSE_NUMBERS_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_DENSE_NUMBERS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace clustr::mine {

// Replaces the numbers of a file by dense ones, from 0, that keep their order. They are shown to it
// part by part while they are in the cache. Memory of 5 bytes up to the highest number if that is
// below 65536 or below four times what is replaced, else about 8 for each different number. Not
// thread-safe.
class DenseNumbers {
 public:
  void Add(absl::Span<const uint32_t> part);

  // Replaces all that was added. Returns what each stood for, ascending; to be called once.
  std::vector<uint32_t> Replace(absl::Span<uint32_t> numbers);

 private:
  uint32_t bits_ = 0;          // That any number has.
  std::vector<uint8_t> seen_;  // By number; of no use if one is above kSmall.
};

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_DENSE_NUMBERS_H_
