#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_WALKER_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_WALKER_H_

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/bundles/scoring/pair_strengths.h"
#include "services/bundles/scoring/walk/bundle_reach.h"
#include "services/bundles/scoring/walk/bundle_space.h"
#include "services/bundles/scoring/walk/space_baskets.h"
#include "services/bundles/scoring/walk/step_budget.h"
#include "services/bundles/scoring/walk/strong_edges.h"
#include "services/bundles/scoring/walk/triple_counts.h"

namespace clustr::scoring {

// A search of a BundleSpace, strongest pairs first. The bundles of a space are cliques of the graph
// of pairs, because each of their pairs is in at least as many baskets as they are. So the search
// reads baskets only to count a bundle of three or more that nothing else rules out.
//
// Every bundle is reached once: from its strongest pair (or from the anchors), by adding products
// in an order that depends on what they are added to. BundleReach bounds from both sides what can
// still be added (branch and bound; Land and Doig 1960). Not thread-safe; borrows its arguments.
class BundleWalker {
 public:
  // Called once with every bundle that satisfies the query, and the number of baskets that hold it.
  // The items are in no promised order; the order of the bundles is deterministic. Returns false to
  // end the walk.
  using Visit = absl::FunctionRef<bool(absl::Span<const Item> items, int64_t count)>;
  // What of the strengths of its pairs bounds how much a bundle is wanted.
  enum class Bound { kMean, kWeakest };
  // False if no bundle of this mean strength, or a lower one, is wanted, or of this or a lower
  // strength of its weakest pair. Such bundles may be left out.
  using Worth = absl::FunctionRef<bool(double strength)>;

  // What a walk need not visit.
  struct Limits {
    Bound bound;
    Worth worth;
    // False if no bundle of at most `size` products that has these is wanted.
    absl::FunctionRef<bool(absl::Span<const Item> items, size_t size)> admits;
  };

  // `pairs` must have all pairs of allowed products in at least space.min_count() baskets of the
  // selection; others do no harm. The space must not be empty.
  // `edges` must be those of the space and the pairs, or of the space before Forbid; it is not used
  // with anchors. `baskets` must be those of the space, or of one that it is a part of.
  BundleWalker(const BundleSpace& space, const PairStrengths& pairs, StrongEdges* edges,
               SpaceBaskets* baskets, StepBudget* budget, const Limits& wanted, Visit visit);

  // OK or the status of the budget. To be called once.
  absl::Status Run();

 private:
  // What is known of the bundle at one size.
  struct Level {
    int64_t count = 0;     // Number of baskets; an upper bound until `counted`.
    bool counted = false;  // Whether `count` is exact.
    bool listed = false;   // Whether `baskets` is set.
    uint32_t largest_single = 0;
    double weakest = HUGE_VAL;  // The strength of its weakest pair.
    BundleSums sums;
    std::vector<BundleCandidate> candidates;  // What may be added.
    BundleReach reach;                        // What that can add up to.
    absl::Span<const Slot> baskets;
    std::vector<Slot> slots;  // The memory of `baskets`.
  };

  void WalkPairs();
  void WalkLarger();
  bool IsAllowed(const StrongPair& pair) const {
    return space_.allowed()[pair.a] && space_.allowed()[pair.b];
  }
  void WalkFromAnchors();
  void StartFrom(const StrongPair& pair);
  // Fills the candidates that make triples of which `pair`, the bundle, is the strongest pair.
  void FillFromPair(const StrongPair& pair);
  // The same from triples_.
  void FillFromTriples(const StrongPair& pair);
  void FillFromAnchors();
  // Fills the candidates from the later candidates of the bundle without its last product.
  void FillFromLater(absl::Span<const BundleCandidate> later);
  // Adds `candidate`, in `count` baskets with each product of the bundle, if counts allow it.
  void AddCandidate(BundleCandidate candidate, int64_t count);

  // Visits the larger bundles that the candidates make.
  void Extend();
  // Visits the bundle if it satisfies the query.
  void VisitIfSatisfied();
  // Lists the baskets of the first `size` products of the bundle. False if these are too few, or if
  // the budget has run out.
  bool List(size_t size);
  // Sets `common` to those of `others`, the baskets of the first `size` - 1 products, that hold the
  // next one, too. See Intersect.
  bool IntersectWith(absl::Span<const Slot> others, size_t size, size_t wanted,
                     std::vector<Slot>* common);

  // Makes the bundle larger by a candidate.
  void Push(const BundleCandidate& candidate);
  // Whether a bundle with this weakest pair may be wanted.
  bool MayHaveWeakest(double strength) {
    return wanted_.bound == Bound::kMean || strength == HUGE_VAL || wanted_.worth(strength);
  }
  // Bounds the count of `candidate`, which may be added to the bundle, by the triples that it makes
  // with the last product. False if one of them is in too few baskets.
  bool BoundByTriples(BundleCandidate* candidate) const;
  Level& top() { return levels_[bundle_.size()]; }
  bool ended() const { return ended_ || !budget_.status().ok(); }

  const BundleSpace& space_;
  const BundleQuery& query_;
  const PairStrengths& pairs_;
  StrongEdges* const edges_;
  StepBudget& budget_;
  const Limits wanted_;
  Visit visit_;
  const ReachLimits limits_;

  SpaceBaskets& baskets_;
  const StrongPair* root_ = nullptr;  // The strongest pair of the bundle; null with anchors.
  std::vector<float> strongest_of_;   // Indexed by Item: the strongest pair that a bundle may have.
  std::vector<Item> bundle_;
  std::array<Level, kMaxBundle + 1> levels_;  // Indexed by the size of the bundle.
  std::vector<uint32_t> place_of_;  // Indexed by Item: 1 + its place among some neighbours, or 0.
  const TripleCounts* triples_ = nullptr;  // Null while they are not counted.
  size_t dead_ = SIZE_MAX;          // The size from which on too few baskets hold the bundle.
  bool ended_ = false;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_WALKER_H_
