#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_SPACE_BASKETS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_SPACE_BASKETS_H_

#include <cstdint>
#include <optional>

#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/pair_strengths.h"
#include "services/bundles/scoring/walk/basket_lists.h"
#include "services/bundles/scoring/walk/bundle_space.h"
#include "services/bundles/scoring/walk/step_budget.h"
#include "services/bundles/scoring/walk/strong_edges.h"
#include "services/bundles/scoring/walk/triple_counts.h"

namespace clustr::scoring {

// What walks over a space have made of its pairs and read of its baskets, so that the next walk
// over the same space, or over a part of it that has the same baskets, does not do it again. Not
// thread-safe; borrows its arguments.
class SpaceBaskets {
 public:
  // `pairs` must have those of all walks. `spent` steps are taken to be spent already; see Triples.
  SpaceBaskets(const index::Snapshot& snapshot, const BundleSpace& space,
               const PairStrengths& pairs, StepBudget* budget, int64_t spent = 0)
      : snapshot_(snapshot),
        space_(space),
        pairs_(pairs),
        budget_(*budget),
        lists_(snapshot, space.searched(), budget),
        began_with_(budget->left() + spent) {}

  // The pairs of the space. The first call makes them, which takes O(pairs).
  StrongEdges& edges();
  BasketLists& lists() { return lists_; }
  // Counts all triples once the budget has given half of the steps that this takes to walks that
  // did without: so a search takes at most three times as long as if it had known which is faster,
  // unless counting takes more than was foreseen; it ends at three times that. nullptr until then,
  // if there are too many, and if the budget has not as many steps left as are foreseen.
  const TripleCounts* Triples();

 private:
  const index::Snapshot& snapshot_;
  const BundleSpace& space_;
  const PairStrengths& pairs_;
  StepBudget& budget_;
  std::optional<StrongEdges> edges_;
  BasketLists lists_;
  const int64_t began_with_;             // Steps that the budget had left.
  std::optional<TripleCounts> triples_;  // Set once it is known what counting them takes.
  bool tried_ = false;                   // To count them.
  bool counted_ = false;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_SPACE_BASKETS_H_
