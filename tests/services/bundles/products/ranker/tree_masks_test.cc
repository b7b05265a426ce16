#include "services/bundles/products/ranker/tree_masks.h"

#include <cstring>
#include <vector>

#include "gtest/gtest.h"
#include "tests/services/bundles/products/ranker/random_trees.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

constexpr size_t kFeatures = 5;

FeatureTable RandomTable(RandomModel* random, size_t row_count) {
  FeatureTable table;
  table.Reset(row_count, kFeatures);
  for (size_t feature = 0; feature < kFeatures; ++feature) {
    if (random->Number(0, 2) == 0) {
      table.Fill(feature, RandomFeature(random));
      continue;
    }
    for (float& value : table.column(feature)) value = RandomFeature(random);
  }
  return table;
}

void ExpectSumsOfTheWalk(const BoostedTrees& trees, const TreeMasks& masks,
                         const FeatureTable& table, TreeMasks::Scratch* scratch) {
  std::vector<float> rows;
  for (size_t row = 0; row < table.row_count(); ++row) table.AppendRow(row, &rows);
  std::vector<float> wanted;
  SumTrees(trees, rows, kFeatures, &wanted);
  std::vector<float> sums;
  masks.Sum(table, scratch, &sums);
  ASSERT_EQ(sums.size(), wanted.size());
  for (size_t i = 0; i < sums.size(); ++i) {
    EXPECT_EQ(std::memcmp(&sums[i], &wanted[i], sizeof(float)), 0)
        << "row " << i << ": " << sums[i] << " and " << wanted[i];
  }
}

// Depths up to 8 have trees with one leaf, with exactly kMaxLeaves, and with more.
TEST(TreeMasksTest, SumsAreThoseOfTheWalkBitForBit) {
  ForEachSeed(400, [](uint64_t seed) {
    RandomModel random(seed);
    const BoostedTrees trees = RandomTrees(&random, kFeatures, 8, random.Number(0, 8));
    const TreeMasks masks(trees);
    TreeMasks::Scratch scratch;
    for (int repeat = 0; repeat < 3; ++repeat) {
      ExpectSumsOfTheWalk(
          trees, masks, RandomTable(&random, static_cast<size_t>(random.Number(0, 70))), &scratch);
    }
  });
}

// A tree of `depth` comparisons on every way.
BoostedTrees CompleteTree(RandomModel* random, int depth) {
  BoostedTrees trees;
  trees.base = 0.25;
  trees.roots = {0};
  const uint32_t inner = (1u << depth) - 1;
  for (uint32_t i = 0; i < 2 * inner + 1; ++i) {
    TreeNode& node = trees.nodes.emplace_back();
    node.value = static_cast<float>(random->Number(-3, 3)) / 2;
    if (i >= inner) continue;
    node.left = 2 * i + 1;
    node.feature = static_cast<uint16_t>(random->Number(0, kFeatures - 1));
    node.missing_goes_left = random->Number(0, 1) == 1;
  }
  return trees;
}

TEST(TreeMasksTest, AsManyLeavesAsAMaskHasBitsAndMore) {
  ForEachSeed(50, [](uint64_t seed) {
    RandomModel random(seed);
    for (const int depth : {5, 6}) {
      const BoostedTrees trees = CompleteTree(&random, depth);
      ASSERT_TRUE(ValidTrees(trees, kFeatures));
      TreeMasks::Scratch scratch;
      ExpectSumsOfTheWalk(trees, TreeMasks(trees), RandomTable(&random, 40), &scratch);
    }
  });
}

TEST(TreeMasksTest, WithoutTreesTheSumIsTheBase) {
  BoostedTrees trees;
  trees.base = 0.5;
  FeatureTable table;
  table.Reset(2, kFeatures);
  TreeMasks::Scratch scratch;
  std::vector<float> sums;
  TreeMasks(trees).Sum(table, &scratch, &sums);
  EXPECT_EQ(sums, (std::vector<float>{0.5, 0.5}));
  table.Reset(0, kFeatures);
  TreeMasks(trees).Sum(table, &scratch, &sums);
  EXPECT_TRUE(sums.empty());
}

TEST(FeatureTableTest, AFilledColumnIsConstantUntilItIsChanged) {
  FeatureTable table;
  table.Reset(3, 2);
  EXPECT_GE(table.stride(), table.row_count() + FeatureTable::kLanes);
  EXPECT_EQ(table.stride() % FeatureTable::kLanes, 0u);
  table.Fill(1, 7);
  EXPECT_EQ(table.is_constant()[0], 0);
  EXPECT_EQ(table.is_constant()[1], 1);
  table.column(1)[2] = 8;
  EXPECT_EQ(table.is_constant()[1], 0);
  std::vector<float> row;
  table.AppendRow(2, &row);
  EXPECT_EQ(row, (std::vector<float>{0, 8}));
}

}  // namespace
}  // namespace clustr::products
