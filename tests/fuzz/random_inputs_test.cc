// Runs a fuzz target on random inputs, without libFuzzer: bytes of all densities, and text.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace clustr {
namespace {

constexpr std::string_view kText = "0123456789 \n0123456789 \n\t,\r";

// A target that finds a difference aborts the program. RandomSeed has printed the seed by then.
TEST(FuzzTargetTest, HoldsOnRandomInputs) {
  std::mt19937_64 random(RandomSeed());
  for (int i = 0; i < 10000; ++i) {
    std::vector<uint8_t> input(random() % 200);
    const bool text = random() % 2 == 0;
    const uint64_t density = random() % 3;
    for (uint8_t& byte : input) {
      uint64_t bits = random();
      for (uint64_t k = 0; k < density; ++k) bits &= random();
      byte = text ? static_cast<uint8_t>(kText[bits % kText.size()]) : static_cast<uint8_t>(bits);
    }
    // Some targets read thresholds from the first bytes. Low ones find more.
    for (size_t k = 0; k < std::min<size_t>(3, input.size()) && !text; ++k) input[k] %= 8;
    EXPECT_EQ(LLVMFuzzerTestOneInput(input.data(), input.size()), 0);
  }
}

}  // namespace
}  // namespace clustr
