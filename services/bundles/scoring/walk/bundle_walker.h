#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_WALKER_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_WALKER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/bundles/scoring/pair_strengths.h"
#include "services/bundles/scoring/walk/basket_lists.h"
#include "services/bundles/scoring/walk/bundle_reach.h"
#include "services/bundles/scoring/walk/bundle_space.h"
#include "services/bundles/scoring/walk/step_budget.h"
#include "services/bundles/scoring/walk/strong_edges.h"

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
  // False if no bundle whose pairs have this mean strength, or a lower one, is wanted. Such bundles
  // may be left out.
  using Worth = absl::FunctionRef<bool(double mean_strength)>;

  // `pairs` must have all pairs of allowed products in at least space.min_count() baskets of the
  // selection; others do no harm. The space must not be empty.
  BundleWalker(const index::Snapshot& snapshot, const BundleSpace& space,
               const PairStrengths& pairs, StepBudget* budget, Worth worth, Visit visit);

  // OK or the status of the budget. To be called once.
  absl::Status Run();

 private:
  // What is known of the bundle at one size.
  struct Level {
    int64_t count = 0;     // Number of baskets; an upper bound until `counted`.
    bool counted = false;  // Whether `count` is exact.
    bool listed = false;   // Whether `baskets` is set.
    uint32_t largest_single = 0;
    BundleSums sums;
    std::vector<BundleCandidate> candidates;  // What may be added.
    BundleReach reach;                        // What that can add up to.
    absl::Span<const Slot> baskets;
    std::vector<Slot> slots;  // The memory of `baskets`.
  };

  void WalkPairs(StrongEdges* edges);
  void WalkLarger(StrongEdges* edges);
  void WalkFromAnchors();
  void StartFrom(const StrongPair& pair);
  // Fills the candidates that make triples of which `pair`, the bundle, is the strongest pair.
  void FillFromPair(const StrongPair& pair);
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

  // Makes the bundle larger by an item that is in at most `count` baskets with all of it, and whose
  // pairs with it have strengths that add up to `pull`.
  void Push(Item item, int64_t count, double pull);
  Level& top() { return levels_[bundle_.size()]; }
  bool ended() const { return ended_ || !budget_.status().ok(); }

  const BundleSpace& space_;
  const BundleQuery& query_;
  const PairStrengths& pairs_;
  StepBudget& budget_;
  Worth worth_;
  Visit visit_;
  const ReachLimits limits_;

  BasketLists lists_;
  const StrongPair* root_ = nullptr;  // The strongest pair of the bundle; null with anchors.
  std::vector<float> strongest_of_;   // Indexed by Item: the strongest pair that a bundle may have.
  std::vector<Item> bundle_;
  std::array<Level, kMaxBundle + 1> levels_;  // Indexed by the size of the bundle.
  std::vector<uint32_t> place_of_;  // Indexed by Item: 1 + its place among some neighbours, or 0.
  size_t dead_ = SIZE_MAX;          // The size from which on too few baskets hold the bundle.
  bool ended_ = false;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_WALKER_H_
