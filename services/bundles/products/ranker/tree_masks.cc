#include "services/bundles/products/ranker/tree_masks.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace clustr::products {
namespace {

constexpr size_t kLanes = FeatureTable::kLanes;
// The compiler makes these of whatever registers the processor has. (It does not vectorise the same
// loops over plain numbers.)
constexpr size_t kWidth = 4;
constexpr size_t kVectors = kLanes / kWidth;
using Floats [[gnu::vector_size(kWidth * sizeof(float))]] = float;
using Masks [[gnu::vector_size(kWidth * sizeof(uint32_t))]] = uint32_t;

inline Floats Load(const float* values, size_t vector) {
  Floats loaded;
  std::memcpy(&loaded, values + vector * kWidth, sizeof(loaded));
  return loaded;
}

// Which rows go left at a test that sends a missing feature (NaN) to one side. A comparison with
// NaN is false.
struct MissingGoesRight {
  bool operator()(float value, float limit) const { return value < limit; }
  Masks operator()(Floats values, Floats limits) const { return (Masks)(values < limits); }
};
struct MissingGoesLeft {
  bool operator()(float value, float limit) const { return !(value >= limit); }
  Masks operator()(Floats values, Floats limits) const { return (Masks) ~(values >= limits); }
};

}  // namespace

TreeMasks::TreeMasks(const BoostedTrees& trees) : trees_(trees) {
  for (const uint32_t root : trees.roots) {
    if (fits_) Add(root);
  }
  const auto end = static_cast<uint32_t>(tests_.tests.size());
  tests_.trees.push_back({.tests = end, .left_tests = end});
}

void TreeMasks::Add(uint32_t root) {
  const auto first_leaf = leaves_.size();
  std::vector<Test> missing_right;
  std::vector<Test> missing_left;
  // Numbers the leaves below `at` from left to right, and makes the tests of the nodes above them.
  const auto visit = [&](const auto& self, uint32_t at) -> void {
    const TreeNode& node = trees_.nodes[at];
    if (node.left == 0) {
      leaves_.push_back(node.value);
      return;
    }
    const size_t begin = leaves_.size() - first_leaf;
    self(self, node.left);
    const size_t end = leaves_.size() - first_leaf;
    self(self, node.left + 1);
    if (leaves_.size() - first_leaf > kMaxLeaves) {
      fits_ = false;
      return;
    }
    const auto below_left = static_cast<uint32_t>((uint64_t{1} << end) - (uint64_t{1} << begin));
    (node.missing_goes_left != 0 ? missing_left : missing_right)
        .push_back({node.feature, node.value, ~below_left});
  };
  visit(visit, root);
  const auto begin = static_cast<uint32_t>(tests_.tests.size());
  tests_.trees.push_back({.tests = begin,
                          .left_tests = begin + static_cast<uint32_t>(missing_right.size()),
                          .leaves = static_cast<uint32_t>(first_leaf)});
  for (const auto* tests : {&missing_right, &missing_left}) {
    tests_.tests.insert(tests_.tests.end(), tests->begin(), tests->end());
  }
}

// Sets `remaining` to the tests that do not come out the same for all rows, which are at least one.
void TreeMasks::Reduce(const FeatureTable& table, Tests* remaining) const {
  remaining->trees.clear();
  remaining->tests.resize(tests_.tests.size());
  uint32_t kept = 0;
  const auto add = [&](uint32_t begin, uint32_t end, auto goes_left, Tree* tree) {
    for (uint32_t i = begin; i < end; ++i) {
      const Test& test = tests_.tests[i];
      const bool is_constant = table.is_constant()[test.feature] != 0;
      const bool left = goes_left(table.column(test.feature)[0], test.value);
      tree->possible &= is_constant && !left ? test.right : UINT32_MAX;
      remaining->tests[kept] = test;
      kept += is_constant ? 0 : 1;
    }
  };
  for (size_t t = 0; t + 1 < tests_.trees.size(); ++t) {
    Tree tree = {.tests = kept, .leaves = tests_.trees[t].leaves};
    add(tests_.trees[t].tests, tests_.trees[t].left_tests, MissingGoesRight(), &tree);
    tree.left_tests = kept;
    add(tests_.trees[t].left_tests, tests_.trees[t + 1].tests, MissingGoesLeft(), &tree);
    remaining->trees.push_back(tree);
  }
  remaining->trees.push_back({.tests = kept, .left_tests = kept});
}

void TreeMasks::Sum(const FeatureTable& table, Scratch* scratch, std::vector<float>* sums) const {
  if (!fits_) {
    std::vector<float> rows;
    for (size_t row = 0; row < table.row_count(); ++row) table.AppendRow(row, &rows);
    SumTrees(trees_, rows, table.column_count(), sums);
    return;
  }
  sums->assign(table.stride(), static_cast<float>(trees_.base));
  if (table.row_count() > 0) {
    Reduce(table, &scratch->tests_);
    for (size_t begin = 0; begin < table.row_count(); begin += kLanes) {
      SumBlock(scratch->tests_, table, begin, sums->data() + begin);
    }
  }
  sums->resize(table.row_count());
}

void TreeMasks::SumBlock(const Tests& tests, const FeatureTable& table, size_t begin,
                         float* sums) const {
  const float* const block = table.column(0).data() + begin;
  const size_t stride = table.stride();
  for (size_t t = 0; t + 1 < tests.trees.size(); ++t) {
    const Tree& tree = tests.trees[t];
    Masks possible[kVectors];  // The leaves that are not ruled out.
    std::fill(possible, possible + kVectors, Masks{} + tree.possible);
    const auto rule_out = [&](uint32_t first, uint32_t end, auto goes_left) {
      for (uint32_t i = first; i < end; ++i) {
        const Test& test = tests.tests[i];
        const float* const values = block + test.feature * stride;
        const Floats limit = Floats{} + test.value;
        const Masks right = Masks{} + test.right;
        for (size_t v = 0; v < kVectors; ++v) {
          possible[v] &= goes_left(Load(values, v), limit) | right;
        }
      }
    };
    rule_out(tree.tests, tree.left_tests, MissingGoesRight());
    rule_out(tree.left_tests, tests.trees[t + 1].tests, MissingGoesLeft());
    const float* const leaves = leaves_.data() + tree.leaves;
    for (size_t k = 0; k < kLanes; ++k) {
      sums[k] += leaves[std::countr_zero(possible[k / kWidth][k % kWidth])];
    }
  }
}

}  // namespace clustr::products
