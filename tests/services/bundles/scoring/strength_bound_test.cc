#include "services/bundles/scoring/strength_bound.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::scoring {
namespace {

constexpr Item kItems = 8;

double MeanOf(const PairStrengths& strengths, const std::vector<Item>& items) {
  double sum = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    for (size_t j = i + 1; j < items.size(); ++j) sum += strengths.Of(items[i], items[j]);
  }
  return sum / (static_cast<double>(items.size() * (items.size() - 1)) / 2);
}

std::vector<Item> ItemsOf(uint32_t set) {
  std::vector<Item> items;
  for (Item item = 0; item < kItems; ++item) {
    if (set >> item & 1) items.push_back(item);
  }
  return items;
}

TEST(StrengthBoundTest, IsTheStrengthOfTheOnlyPair) {
  PairStrengths strengths;
  strengths.Insert(0, 1, 0.5);
  const StrengthBound bound(strengths, 3);
  const std::vector<Item> first = {0};
  const std::vector<Item> neither = {2};
  EXPECT_EQ(bound.OfLarger(first, 2), 0.5);
  EXPECT_EQ(bound.OfLarger(neither, 2), 0);
}

TEST(StrengthBoundTest, NoLargerBundleExceedsIt) {
  std::mt19937 random(RandomSeed());
  std::uniform_real_distribution<double> strength(0, 1);
  for (int round = 0; round < 30; ++round) {
    PairStrengths strengths;
    for (Item a = 0; a < kItems; ++a) {
      for (Item b = a + 1; b < kItems; ++b) {
        if (random() % 3 != 0) strengths.Insert(a, b, strength(random));
      }
    }
    const StrengthBound bound(strengths, kItems);
    for (uint32_t set = 1; set < 1u << kItems; ++set) {
      const std::vector<Item> items = ItemsOf(set);
      for (uint32_t larger = set + 1; larger < 1u << kItems; ++larger) {
        if ((larger & set) != set) continue;
        const std::vector<Item> bundle = ItemsOf(larger);
        EXPECT_GE(bound.OfLarger(items, bundle.size()) + 1e-9, MeanOf(strengths, bundle));
        EXPECT_GE(bound.OfLarger(items, kItems) + 1e-9, MeanOf(strengths, bundle));
      }
    }
  }
}

}  // namespace
}  // namespace clustr::scoring
