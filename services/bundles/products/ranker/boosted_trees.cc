#include "services/bundles/products/ranker/boosted_trees.h"

#include <cmath>

namespace clustr::products {
namespace {

uint32_t Child(const TreeNode& node, const float* features) {
  const float value = features[node.feature];
  const bool goes_left = value < node.value || (node.missing_goes_left != 0 && std::isnan(value));
  return node.left + (goes_left ? 0 : 1);
}

bool IsValidNode(const BoostedTrees& trees, size_t i, size_t end, size_t feature_count) {
  const TreeNode& node = trees.nodes[i];
  if (!std::isfinite(node.value) || !std::isfinite(node.cover) || node.cover < 0) return false;
  if (node.left == 0) return true;
  return node.left > i && node.left + size_t{1} < end && node.feature < feature_count &&
         node.missing_goes_left <= 1;
}

}  // namespace

bool ValidTrees(const BoostedTrees& trees, size_t feature_count) {
  if (!std::isfinite(trees.base)) return false;
  if (trees.roots.empty()) return trees.nodes.empty();
  if (trees.roots.front() != 0 || trees.nodes.size() > UINT32_MAX) return false;
  for (size_t t = 0; t < trees.roots.size(); ++t) {
    const size_t begin = trees.roots[t];
    const size_t end = t + 1 < trees.roots.size() ? trees.roots[t + 1] : trees.nodes.size();
    if (begin >= end || end > trees.nodes.size()) return false;
    std::vector<uint8_t> depths(end - begin, UINT8_MAX);  // UINT8_MAX: no parent seen yet.
    depths[0] = 0;
    for (size_t i = begin; i < end; ++i) {
      const uint8_t depth = depths[i - begin];
      if (depth > kMaxTreeDepth || !IsValidNode(trees, i, end, feature_count)) return false;
      const uint32_t left = trees.nodes[i].left;
      if (left == 0) continue;
      for (const size_t child : {left - begin, left + 1 - begin}) {
        if (depths[child] != UINT8_MAX) return false;
        depths[child] = static_cast<uint8_t>(depth + 1);
      }
    }
  }
  return true;
}

void SumTrees(const BoostedTrees& trees, absl::Span<const float> rows, size_t feature_count,
              std::vector<float>* sums) {
  sums->assign(rows.size() / feature_count, static_cast<float>(trees.base));
  for (size_t row = 0; row < sums->size(); ++row) {
    const float* const features = rows.data() + row * feature_count;
    for (const uint32_t root : trees.roots) {
      uint32_t at = root;
      while (trees.nodes[at].left != 0) at = Child(trees.nodes[at], features);
      (*sums)[row] += trees.nodes[at].value;
    }
  }
}

}  // namespace clustr::products
