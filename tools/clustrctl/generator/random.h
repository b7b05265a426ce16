#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_RANDOM_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clustr::generator {

// SplitMix64 (Steele, Lea, Flood 2014): a seed gives the same numbers with every compiler and
// library.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next();
  // 0 to bound - 1; bound is 1 to 2^32. Its bias is below bound / 2^32.
  uint32_t Below(uint64_t bound) { return static_cast<uint32_t>((Next() >> 32) * bound >> 32); }
  // least to most, both included.
  int64_t Between(int64_t least, int64_t most) { return least + Below(most - least + 1); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }

 private:
  uint64_t state_;
};

// Draws an index with a probability in proportion to its weight, in constant time (Walker's alias
// method). Uses nothing but IEEE additions, multiplications and divisions, so that a seed gives the
// same draws everywhere.
class Weighted {
 public:
  // `weights` has at least one positive number and no negative one.
  explicit Weighted(const std::vector<double>& weights);

  uint32_t Draw(Random& random) const;

 private:
  struct Slot {
    uint32_t threshold;  // Of 2^32.
    uint32_t alias;
  };
  std::vector<Slot> slots_;
};

// Zipf-like weights of `count` ranks: 1 / (rank + offset).
std::vector<double> ZipfWeights(size_t count, double offset);

// 0 to count - 1 in random order.
std::vector<uint32_t> Permutation(uint32_t count, Random& random);

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_RANDOM_H_
