#include "services/bundles/products/ranker/boosted_trees.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/products/ranker/tree_shares.h"
#include "tests/services/bundles/products/ranker/random_trees.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

constexpr size_t kFeatures = 4;

bool GoesLeft(const TreeNode& node, float value) {
  return std::isnan(value) ? node.missing_goes_left != 0 : value < node.value;
}

// The mean of the leaves that a row can come to if only the features in `known` (a bit each) are
// known; an unknown one leads to both children in proportion to their cover.
double MeanOfLeaves(const BoostedTrees& trees, uint32_t at, const std::vector<float>& row,
                    unsigned known) {
  const TreeNode& node = trees.nodes[at];
  if (node.left == 0) return node.value;
  const double left = MeanOfLeaves(trees, node.left, row, known);
  const double right = MeanOfLeaves(trees, node.left + 1, row, known);
  if ((known >> node.feature & 1) != 0) return GoesLeft(node, row[node.feature]) ? left : right;
  const double left_cover = trees.nodes[node.left].cover;
  const double right_cover = trees.nodes[node.left + 1].cover;
  return (left_cover * left + right_cover * right) / (left_cover + right_cover);
}

double MeanOfAll(const BoostedTrees& trees, const std::vector<float>& row, unsigned known) {
  double sum = trees.base;
  for (const uint32_t root : trees.roots) sum += MeanOfLeaves(trees, root, row, known);
  return sum;
}

std::vector<float> RandomRow(RandomModel* random) {
  std::vector<float> row;
  for (size_t i = 0; i < kFeatures; ++i) row.push_back(RandomFeature(random));
  return row;
}

TEST(BoostedTreesTest, RowsComeToTheLeavesThatAWalkFinds) {
  ForEachSeed(300, [](uint64_t seed) {
    RandomModel random(seed);
    const BoostedTrees trees = RandomTrees(&random, kFeatures, 6, 4);
    ASSERT_TRUE(ValidTrees(trees, kFeatures));
    std::vector<float> rows;
    std::vector<double> wanted;
    for (int64_t i = random.Number(0, 30); i > 0; --i) {
      const std::vector<float> row = RandomRow(&random);
      rows.insert(rows.end(), row.begin(), row.end());
      wanted.push_back(MeanOfAll(trees, row, (1u << kFeatures) - 1));
    }
    std::vector<float> sums;
    SumTrees(trees, rows, kFeatures, &sums);
    ASSERT_EQ(sums.size(), wanted.size());
    for (size_t i = 0; i < sums.size(); ++i) EXPECT_NEAR(sums[i], wanted[i], 1e-5);
  });
}

// The Shapley value by its definition: over all orders of the features, what each adds when it
// becomes known.
TEST(TreeSharesTest, AreTheShapleyValuesAndAddUp) {
  ForEachSeed(300, [](uint64_t seed) {
    RandomModel random(seed);
    const BoostedTrees trees = RandomTrees(&random, kFeatures, 4, 6);
    const std::vector<float> row = RandomRow(&random);
    std::vector<double> wanted(kFeatures + 1);
    std::vector<size_t> order = {0, 1, 2, 3};
    const double orders = 24;
    do {
      unsigned known = 0;
      for (const size_t feature : order) {
        const double before = MeanOfAll(trees, row, known);
        known |= 1u << feature;
        wanted[feature] += (MeanOfAll(trees, row, known) - before) / orders;
      }
    } while (std::next_permutation(order.begin(), order.end()));
    wanted.back() = MeanOfAll(trees, row, 0);
    const std::vector<double> shares = TreeShares(trees, row);
    ASSERT_EQ(shares.size(), wanted.size());
    double sum = 0;
    for (size_t i = 0; i < shares.size(); ++i) {
      EXPECT_NEAR(shares[i], wanted[i], 1e-9) << i;
      sum += shares[i];
    }
    EXPECT_NEAR(sum, MeanOfAll(trees, row, (1u << kFeatures) - 1), 1e-9);
  });
}

TEST(TreeSharesTest, NodesWithoutCoverCountAsTheirLeftChild) {
  BoostedTrees trees;
  trees.roots = {0};
  trees.nodes = {{.left = 1, .feature = 0, .value = 1, .cover = 0}, {.value = 2}, {.value = 5}};
  const std::vector<double> shares = TreeShares(trees, std::vector<float>{3});
  EXPECT_EQ(shares, (std::vector<double>{3, 2}));
}

TEST(BoostedTreesTest, DamagedTreesAreRefused) {
  BoostedTrees good;
  good.roots = {0, 3};
  good.nodes = {{.left = 1, .feature = 3}, {}, {}, {}};
  ASSERT_TRUE(ValidTrees(good, kFeatures));
  const std::vector<std::function<void(BoostedTrees*)>> damages = {
      [](BoostedTrees* trees) { trees->base = std::numeric_limits<double>::infinity(); },
      [](BoostedTrees* trees) { trees->roots = {}; },
      [](BoostedTrees* trees) { trees->roots[0] = 1; },
      [](BoostedTrees* trees) { trees->roots[1] = 4; },
      [](BoostedTrees* trees) { trees->roots[1] = 0; },
      [](BoostedTrees* trees) { trees->nodes[0].left = 2; },   // Into the next tree.
      [](BoostedTrees* trees) { trees->nodes[1].left = 1; },   // To itself.
      [](BoostedTrees* trees) { trees->nodes[3].left = 4; },   // Beyond the end.
      [](BoostedTrees* trees) { trees->nodes[0].feature = 4; },
      [](BoostedTrees* trees) { trees->nodes[0].missing_goes_left = 2; },
      [](BoostedTrees* trees) { trees->nodes[2].value = std::nanf(""); },
      [](BoostedTrees* trees) { trees->nodes[2].cover = -1; },
  };
  for (size_t i = 0; i < damages.size(); ++i) {
    BoostedTrees damaged = good;
    damages[i](&damaged);
    EXPECT_FALSE(ValidTrees(damaged, kFeatures)) << "damage " << i;
  }
}

TEST(BoostedTreesTest, TreesThatShareChildrenOrAreTooDeepAreRefused) {
  BoostedTrees shared;
  shared.roots = {0};
  shared.nodes = {{.left = 1}, {.left = 3}, {.left = 3}, {}, {}};
  EXPECT_FALSE(ValidTrees(shared, kFeatures));
  BoostedTrees deep;
  deep.roots = {0};
  for (uint32_t i = 0; i <= kMaxTreeDepth; ++i) {
    deep.nodes.push_back({.left = 2 * i + 1});
    deep.nodes.push_back({});
  }
  deep.nodes.push_back({});
  EXPECT_FALSE(ValidTrees(deep, kFeatures));
}

}  // namespace
}  // namespace clustr::products
