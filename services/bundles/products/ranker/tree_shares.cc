#include "services/bundles/products/ranker/tree_shares.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace clustr::products {
namespace {

constexpr int kNoFeature = -1;

// One feature on the way from the root to a node.
struct Step {
  int feature = kNoFeature;
  double unknown = 1;  // The share of the rows that come along if the feature is not known.
  double known = 1;    // 1 if the row comes along when it is known, otherwise 0.
  double weight = 1;   // By the number of known features: the sum over the orders of the features.
};

// The distinct features on the way to a node (S. Lundberg et al., "Consistent Individualized
// Feature Attribution for Tree Ensembles", algorithm 2). A value type: each branch has its own.
class Way {
 public:
  void Extend(double unknown, double known, int feature) {
    const int depth = size_++;
    steps_[depth] = {feature, unknown, known, depth == 0 ? 1.0 : 0.0};
    for (int i = depth - 1; i >= 0; --i) {
      steps_[i + 1].weight += known * steps_[i].weight * (i + 1) / (depth + 1);
      steps_[i].weight = unknown * steps_[i].weight * (depth - i) / (depth + 1);
    }
  }

  void Remove(int place) {
    const int depth = size_ - 1;
    const Step removed = steps_[place];
    double next = steps_[depth].weight;
    for (int i = depth - 1; i >= 0; --i) {
      if (removed.known != 0) {
        const double kept = steps_[i].weight;
        steps_[i].weight = next * (depth + 1) / ((i + 1) * removed.known);
        next = kept - steps_[i].weight * removed.unknown * (depth - i) / (depth + 1);
      } else {
        steps_[i].weight = steps_[i].weight * (depth + 1) / (removed.unknown * (depth - i));
      }
    }
    for (int i = place; i < depth; ++i) {
      steps_[i].feature = steps_[i + 1].feature;
      steps_[i].unknown = steps_[i + 1].unknown;
      steps_[i].known = steps_[i + 1].known;
    }
    --size_;
  }

  // The sum of the weights without the step at `place`.
  double WeightWithout(int place) const {
    Way without = *this;
    without.Remove(place);
    double sum = 0;
    for (int i = 0; i < without.size_; ++i) sum += without.steps_[i].weight;
    return sum;
  }

  int Find(int feature) const {
    for (int i = 1; i < size_; ++i) {
      if (steps_[i].feature == feature) return i;
    }
    return 0;
  }

  int size() const { return size_; }
  const Step& step(int i) const { return steps_[i]; }

 private:
  std::array<Step, kMaxTreeDepth + 3> steps_;
  int size_ = 0;
};

class Shares {
 public:
  Shares(const BoostedTrees& trees, absl::Span<const float> row, std::vector<double>* shares)
      : trees_(trees), row_(row), shares_(*shares) {}

  void Visit(uint32_t at, Way way, double unknown, double known, int feature) {
    way.Extend(unknown, known, feature);
    const TreeNode& node = trees_.nodes[at];
    if (node.left == 0) {
      for (int i = 1; i < way.size(); ++i) {
        const Step& step = way.step(i);
        shares_[step.feature] += way.WeightWithout(i) * (step.known - step.unknown) * node.value;
      }
      return;
    }
    const float value = row_[node.feature];
    const bool goes_left =
        std::isnan(value) ? node.missing_goes_left != 0 : value < node.value;
    double above_unknown = 1;
    double above_known = 1;
    if (const int place = way.Find(node.feature); place != 0) {
      above_unknown = way.step(place).unknown;
      above_known = way.step(place).known;
      way.Remove(place);
    }
    const double left_share = LeftShare(node);
    for (const bool left : {true, false}) {
      const double share = (left ? left_share : 1 - left_share) * above_unknown;
      const double follows = left == goes_left ? above_known : 0;
      if (share == 0 && follows == 0) continue;  // Nothing comes here.
      Visit(node.left + (left ? 0 : 1), way, share, follows, node.feature);
    }
  }

  // The mean of the leaves below `at`, by cover.
  double Mean(uint32_t at) const {
    const TreeNode& node = trees_.nodes[at];
    if (node.left == 0) return node.value;
    const double share = LeftShare(node);
    return share * Mean(node.left) + (1 - share) * Mean(node.left + 1);
  }

 private:
  double LeftShare(const TreeNode& node) const {
    const double left = trees_.nodes[node.left].cover;
    const double both = left + trees_.nodes[node.left + 1].cover;
    return both > 0 ? left / both : 1;
  }

  const BoostedTrees& trees_;
  const absl::Span<const float> row_;
  std::vector<double>& shares_;
};

}  // namespace

std::vector<double> TreeShares(const BoostedTrees& trees, absl::Span<const float> row) {
  std::vector<double> shares(row.size() + 1);
  shares.back() = trees.base;
  Shares sum(trees, row, &shares);
  for (const uint32_t root : trees.roots) {
    shares.back() += sum.Mean(root);
    sum.Visit(root, Way(), 1, 1, kNoFeature);
  }
  return shares;
}

}  // namespace clustr::products
