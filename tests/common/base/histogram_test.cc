#include "common/base/histogram.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr {
namespace {

using ::testing::ElementsAre;

TEST(HistogramTest, AValueCountsBelowTheFirstBoundThatIsNotLess) {
  static constexpr double kBounds[] = {1, 2, 4};
  Histogram histogram(kBounds);
  for (const double value : {0.5, 1.0, 1.5, 4.0, 4.5, 100.0}) histogram.Observe(value);
  const Histogram::State state = histogram.state();
  EXPECT_THAT(state.counts, ElementsAre(2, 1, 1, 2));
  EXPECT_DOUBLE_EQ(state.sum, 111.5);
}

TEST(HistogramTest, BoundsRise) {
  for (const auto bounds : {SecondsBounds(), BytesBounds(), CountBounds()}) {
    EXPECT_TRUE(std::is_sorted(bounds.begin(), bounds.end()));
    EXPECT_EQ(std::adjacent_find(bounds.begin(), bounds.end()), bounds.end());
  }
  EXPECT_EQ(SecondsBounds().front(), 0.00001);
}

TEST(HistogramTest, CountsAsASlowOneDoesFromSeveralThreads) {
  constexpr int kThreads = 4;
  constexpr int kValues = 20'000;
  Histogram histogram(SecondsBounds());
  std::vector<int64_t> expected(SecondsBounds().size() + 1);
  std::vector<std::vector<double>> values(kThreads);
  double sum = 0;
  std::mt19937 random(7);
  for (auto& of_thread : values) {
    for (int i = 0; i < kValues; ++i) {
      const double value = std::ldexp(1.0, static_cast<int>(random() % 30) - 20);
      size_t at = 0;
      while (at < SecondsBounds().size() && SecondsBounds()[at] < value) ++at;
      ++expected[at];
      sum += value;  // Exact, as the values are powers of two.
      of_thread.push_back(value);
    }
  }
  std::vector<std::thread> threads;
  for (const auto& of_thread : values) {
    threads.emplace_back([&] {
      for (const double value : of_thread) histogram.Observe(value);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(histogram.state().counts, expected);
  EXPECT_DOUBLE_EQ(histogram.state().sum, sum);
}

}  // namespace
}  // namespace clustr
