#ifndef CLUSTR_TESTS_TESTING_FOR_EACH_SEED_H_
#define CLUSTR_TESTS_TESTING_FOR_EACH_SEED_H_

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string_view>

#include "gtest/gtest.h"

// Seeds for randomized tests. A failure names its seed as CLUSTR_SEED=N; running the test with that
// environment variable repeats it.
namespace clustr {

// Calls `body(seed)` with `count` seeds from 1 on, or from CLUSTR_SEED on if that is set; with four
// times as many if CLUSTR_LONG is 1. Stops after the first seed that fails, so an ASSERT_ in the
// body ends the loop.
template <class Body>
void ForEachSeed(uint64_t count, Body body) {
  const char* const given = std::getenv("CLUSTR_SEED");
  const char* const is_long = std::getenv("CLUSTR_LONG");
  const uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  if (is_long != nullptr && std::string_view(is_long) == "1") count *= 4;
  for (uint64_t seed = first; seed - first < count && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "CLUSTR_SEED=" << seed);
    body(seed);
  }
}

// A new seed in each run, or CLUSTR_SEED if that is set. Prints it at once, since a crash would
// not.
inline uint64_t RandomSeed() {
  const char* const given = std::getenv("CLUSTR_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "CLUSTR_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace clustr

#endif  // CLUSTR_TESTS_TESTING_FOR_EACH_SEED_H_
