#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BASKET_LISTS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BASKET_LISTS_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/scoring/walk/step_budget.h"

namespace clustr::scoring {

using index::Slot;
using mining::Item;

// The baskets of a selection that hold a product, as ascending lists, read from the posting lists
// as they are asked for and kept. So memory is at most 8 bytes for each step that the budget has.
// Not thread-safe; borrows its arguments.
class BasketLists {
 public:
  BasketLists(const index::Snapshot& snapshot, const index::Selection& selection,
              StepBudget* budget)
      : snapshot_(snapshot), selection_(selection), budget_(*budget) {}

  // Valid as long as this object. Empty if the budget runs out.
  absl::Span<const Slot> Of(Item item) { return Read(item).slots; }
  // The same as bits, bit slot % 64 of word slot / 64, if the product is in so many baskets that
  // they take no more memory than the list; otherwise empty.
  absl::Span<const uint64_t> BitsOf(Item item) { return Read(item).bits; }
  // All baskets of the selection. O(baskets).
  std::vector<Slot> All() const;

 private:
  struct Baskets {
    std::vector<Slot> slots;
    std::vector<uint64_t> bits;
  };

  const Baskets& Read(Item item);

  const index::Snapshot& snapshot_;
  const index::Selection& selection_;
  StepBudget& budget_;
  absl::flat_hash_map<Item, Baskets> lists_;
};

// Sets `common` to the slots that both lists have. Gives up once fewer than `wanted` can be found
// and returns false; `common` then has no meaning.
bool Intersect(absl::Span<const Slot> a, absl::Span<const Slot> b, size_t wanted,
               std::vector<Slot>* common, StepBudget* budget);

// The same for a list and bits. Takes a step for each slot of the list, however many the bits are.
bool Intersect(absl::Span<const Slot> list, absl::Span<const uint64_t> bits, size_t wanted,
               std::vector<Slot>* common, StepBudget* budget);

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BASKET_LISTS_H_
