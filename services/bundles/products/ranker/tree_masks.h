#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_TREE_MASKS_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_TREE_MASKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/products/ranker/boosted_trees.h"
#include "services/bundles/products/ranker/feature_table.h"

namespace clustr::products {

// The same sums as SumTrees, bit for bit, some times as fast: no row is led from node to node.
// Every test of a tree is made for kLanes rows at once. One that sends a row to the right rules out
// the leaves on its left, so that afterwards the first leaf that is left is the one where the row
// ends (C. Lucchese et al., "QuickScorer", 2015). There are no branches to mispredict, and the
// compiler makes vector instructions of it. Tests of features that are the same in all rows, such
// as the size of the basket, are made once.
//
// If a tree has more than kMaxLeaves leaves, all rows are led by SumTrees instead. Immutable and
// thread-safe.
class TreeMasks {
  // A comparison of one node.
  struct Test {
    uint32_t feature = 0;
    float value = 0;
    uint32_t right = 0;  // A bit for each leaf of the tree that is not below the left child.
  };
  // Where a tree begins. Its tests that send a missing feature to the right come first.
  struct Tree {
    uint32_t tests = 0;
    uint32_t left_tests = 0;  // The tests from here on send a missing feature to the left.
    uint32_t leaves = 0;
    uint32_t possible = UINT32_MAX;  // The leaves that the tests left out do not rule out.
  };
  struct Tests {
    std::vector<Tree> trees;  // And one more: the end.
    std::vector<Test> tests;
  };

 public:
  static constexpr size_t kMaxLeaves = 32;

  // Requires valid trees; borrows them.
  explicit TreeMasks(const BoostedTrees& trees);

  // Memory that is reused between calls.
  class Scratch {
    friend class TreeMasks;
    Tests tests_;
  };

  // Sets `sums` to one number per row. The table must have all features of the trees.
  // O(rows * nodes).
  void Sum(const FeatureTable& table, Scratch* scratch, std::vector<float>* sums) const;

 private:
  void Add(uint32_t root);
  void Reduce(const FeatureTable& table, Tests* remaining) const;
  void SumBlock(const Tests& tests, const FeatureTable& table, size_t begin, float* sums) const;

  const BoostedTrees& trees_;
  bool fits_ = true;
  Tests tests_;
  std::vector<float> leaves_;
};

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_TREE_MASKS_H_
