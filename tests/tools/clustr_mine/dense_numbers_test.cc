#include "tools/clustr_mine/dense_numbers.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace clustr::mine {
namespace {

// The numbers are few and many, near and far apart, with and without gaps.
TEST(DenseNumbersTest, ItemsKeepTheOrderOfNumbersAndNamesMapBackToThem) {
  std::mt19937_64 random(1);
  for (const size_t count : {0, 1, 1000, 100'000}) {
    for (const uint64_t bound : {1ull, 100ull, 65536ull, 65537ull, 300'000ull, 1ull << 32}) {
      std::vector<uint32_t> numbers(count);
      for (uint32_t& number : numbers) number = static_cast<uint32_t>(random() % bound);
      if (!numbers.empty()) numbers.back() = static_cast<uint32_t>(bound - 1);
      std::vector<uint32_t> names = numbers;
      std::sort(names.begin(), names.end());
      names.erase(std::unique(names.begin(), names.end()), names.end());

      DenseNumbers dense;
      dense.Add(absl::MakeConstSpan(numbers).first(count / 3));
      dense.Add(absl::MakeConstSpan(numbers).subspan(count / 3));
      std::vector<uint32_t> items = numbers;
      EXPECT_EQ(dense.Replace(absl::MakeSpan(items)), names);
      for (size_t i = 0; i < count; ++i) ASSERT_EQ(names[items[i]], numbers[i]) << bound;
    }
  }
}

}  // namespace
}  // namespace clustr::mine
