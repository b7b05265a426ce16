#include "services/bundles/training/ranker/library_trees.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace clustr::training {
namespace {

using products::BoostedTrees;
using products::TreeNode;

// The lists that the library writes for one tree; one number per node.
struct Lists {
  std::vector<double> left;  // Below 0: a leaf.
  std::vector<double> right;
  std::vector<double> feature;
  std::vector<double> value;
  std::vector<double> missing_left;
  std::vector<double> cover;
};

// Reads `"name":[...]` after the start of `*json`, and moves the start behind it.
bool TakeList(absl::string_view name, absl::string_view* json, std::vector<double>* list) {
  const std::string key = absl::StrCat("\"", name, "\":[");
  const size_t begin = json->find(key);
  if (begin == absl::string_view::npos) return false;
  json->remove_prefix(begin + key.size());
  const size_t end = json->find(']');
  if (end == absl::string_view::npos) return false;
  for (const absl::string_view text : absl::StrSplit(json->substr(0, end), ',')) {
    double number = 0;
    bool flag = false;
    if (absl::SimpleAtob(text, &flag)) {
      number = flag;
    } else if (!absl::SimpleAtod(text, &number)) {
      return false;
    }
    list->push_back(number);
  }
  json->remove_prefix(end);
  return true;
}

// Appends the tree of `lists`, breadth first; false if it is none.
bool AddTree(const Lists& lists, BoostedTrees* trees) {
  const size_t size = lists.left.size();
  for (const auto* list : {&lists.right, &lists.feature, &lists.value, &lists.missing_left,
                           &lists.cover}) {
    if (list->size() != size) return false;
  }
  if (size == 0) return false;
  const size_t root = trees->nodes.size();
  trees->roots.push_back(static_cast<uint32_t>(root));
  std::vector<size_t> order = {0};  // order[i]: the library's number of node root + i.
  for (size_t i = 0; i < order.size(); ++i) {
    const size_t from = order[i];
    if (from >= size || order.size() > size) return false;
    TreeNode& node = trees->nodes.emplace_back();
    node.value = static_cast<float>(lists.value[from]);
    node.cover = static_cast<float>(lists.cover[from]);
    if (lists.left[from] < 0) continue;
    node.feature = static_cast<uint16_t>(lists.feature[from]);
    node.missing_goes_left = lists.missing_left[from] != 0;
    node.left = static_cast<uint32_t>(root + order.size());
    order.push_back(static_cast<size_t>(lists.left[from]));
    order.push_back(static_cast<size_t>(lists.right[from]));
  }
  return true;
}

}  // namespace

absl::StatusOr<BoostedTrees> ReadLibraryTrees(absl::string_view json) {
  BoostedTrees trees;
  // The lists of a tree stand in the order of their names.
  while (absl::StrContains(json, "\"default_left\":[")) {
    Lists lists;
    const bool read = TakeList("default_left", &json, &lists.missing_left) &&
                      TakeList("left_children", &json, &lists.left) &&
                      TakeList("right_children", &json, &lists.right) &&
                      TakeList("split_conditions", &json, &lists.value) &&
                      TakeList("split_indices", &json, &lists.feature) &&
                      TakeList("sum_hessian", &json, &lists.cover);
    if (!read || !AddTree(lists, &trees)) {
      return absl::InternalError(
          absl::StrCat("tree ", trees.roots.size(), " of XGBoost is not understood"));
    }
  }
  return trees;
}

}  // namespace clustr::training
