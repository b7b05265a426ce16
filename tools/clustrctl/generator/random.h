#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_RANDOM_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clustr::generator {

// SplitMix64 (Steele, Lea, Flood 2014). Equal seeds give equal numbers with every compiler and
// library. Not thread-safe.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next();
  // A number from 0 to bound - 1; bound is 1 to 2^32. The bias is below bound / 2^32.
  uint32_t Below(uint64_t bound) { return static_cast<uint32_t>((Next() >> 32) * bound >> 32); }
  // A number from `min` to `max`, inclusive.
  int64_t Between(int64_t min, int64_t max) { return min + Below(max - min + 1); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }

 private:
  uint64_t state_;
};

// Draws an index with a probability proportional to its weight, in constant time (Walker's alias
// method). Uses only IEEE additions, multiplications and divisions, so that equal seeds give equal
// draws everywhere. Immutable and thread-safe.
class Weighted {
 public:
  // At least one of the weights must be positive, and none negative.
  explicit Weighted(const std::vector<double>& weights);

  uint32_t Draw(Random& random) const;

 private:
  struct Slot {
    uint32_t threshold;  // In units of 2^-32.
    uint32_t alias;
  };
  std::vector<Slot> slots_;
};

// Zipf-like weights of `count` ranks: 1 / (rank + offset).
std::vector<double> ZipfWeights(size_t count, double offset);

// The numbers 0 to count - 1 in random order.
std::vector<uint32_t> Permutation(uint32_t count, Random& random);

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_RANDOM_H_
