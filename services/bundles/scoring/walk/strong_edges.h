#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_STRONG_EDGES_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_STRONG_EDGES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/bundles/scoring/pair_strengths.h"
#include "services/bundles/scoring/walk/bundle_reach.h"
#include "services/bundles/scoring/walk/bundle_space.h"

namespace clustr::scoring {

// True if `a` comes before `b` among the pairs of a search: it is stronger or, if both are equally
// strong, its products have the lower numbers.
bool Precedes(const StrongPair& a, const StrongPair& b);

// The pairs that a bundle of a space may have, strongest first. Sorts only as many as are asked
// for. Not thread-safe.
class StrongEdges {
 public:
  // Keeps the pairs whose products are allowed, whose counts suffice and, if the query asks for it,
  // whose categories differ. O(pairs).
  StrongEdges(const PairStrengths& pairs, const BundleSpace& space);

  size_t size() const { return edges_.size(); }
  // Valid as long as this object.
  const StrongPair& At(size_t i);
  // Calls `visit` with every pair, in no promised order.
  void ForEach(absl::FunctionRef<void(const StrongPair&)> visit) const;

 private:
  std::vector<StrongPair> edges_;  // With a < b. The first `sorted_` are in order.
  size_t sorted_ = 0;
};

// Whether the prices and margins of what its products are in pairs with allow a pair to become a
// larger bundle that meets the bounds on sums. Immutable; borrows the space.
class PairReach {
 public:
  // O(pairs) if the space has such bounds.
  PairReach(const StrongEdges& edges, const BundleSpace& space, const ReachLimits& limits);

  bool MayMeet(const StrongPair& pair) const;

 private:
  // The most extreme values among the neighbours of an item, the most extreme first.
  struct Extremes {
    std::array<int64_t, kMaxBundle - 2> lowest;
    std::array<int64_t, kMaxBundle - 2> highest;
    std::array<double, kMaxBundle - 2> gain;
  };

  const BundleSpace& space_;
  const ReachLimits limits_;
  std::vector<Extremes> of_;  // Indexed by Item.
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_STRONG_EDGES_H_
