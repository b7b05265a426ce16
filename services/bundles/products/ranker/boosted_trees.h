#ifndef CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_BOOSTED_TREES_H_
#define CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_BOOSTED_TREES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace clustr::products {

// One node of a tree. A leaf leads nowhere: its `left` is 0, which is never a child.
struct TreeNode {
  uint32_t left = 0;     // The node after it is the right child.
  uint16_t feature = 0;  // The column that is compared.
  uint16_t missing_goes_left = 0;
  float value = 0;  // A row goes left if its feature is below this. Of a leaf, what it adds.
  float cover = 0;  // The weight of the training rows that came here; see TreeShares.

  bool operator==(const TreeNode&) const = default;
};

// Trees whose sum estimates log-odds. Plain data; ValidTrees says what holds.
struct BoostedTrees {
  double base = 0;              // What the sum of the trees is added to.
  std::vector<uint32_t> roots;  // Of each tree; the nodes of a tree follow its root.
  std::vector<TreeNode> nodes;

  bool operator==(const BoostedTrees&) const = default;
};

// The longest way from a root to a leaf that is taken, in comparisons.
inline constexpr size_t kMaxTreeDepth = 12;

// True if every tree is one: children come after their parent and belong to the same tree, features
// are below `feature_count`, and no way is longer than kMaxTreeDepth; all numbers are finite and
// no cover is negative. O(nodes).
bool ValidTrees(const BoostedTrees& trees, size_t feature_count);

// For each row of `rows`, which has `feature_count` numbers (NaN: missing), base plus the leaves
// that it comes to, summed in single precision in the order of the trees. Requires valid trees.
// O(rows * trees * depth). TreeMasks has the same sums sooner.
void SumTrees(const BoostedTrees& trees, absl::Span<const float> rows, size_t feature_count,
              std::vector<float>* sums);

}  // namespace clustr::products

#endif  // CLUSTR_SERVICES_BUNDLES_PRODUCTS_RANKER_BOOSTED_TREES_H_
