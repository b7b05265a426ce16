#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_SUBSTITUTES_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_SUBSTITUTES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/co_counts.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/product_offers.h"

namespace clustr::scoring {

// What a product has in common with another one, the original; see v1.ProductSimilarity.
struct Substitute {
  Item item = 0;
  double score = 0;
  double context_share = 0;
  int64_t together = 0;
  double expected_together = 0;
  // The products of the context by their parts of context_share, which are above 0, largest first.
  // Best fills in kMaxReasons at most, Of all of them.
  std::vector<std::pair<Item, double>> context = {};
};

// What can replace one product, the original, among the baskets of a selection: by the formula of
// v1.PRODUCT_INTENT_SIMILAR. Immutable and thread-safe; borrows its arguments.
class Substitutes {
 public:
  static constexpr size_t kMaxContext = 64;

  // `item_counts` must be CountItems(snapshot, selection); it may be empty if the selection is
  // everything. The co-counts of the original and of its context then come from `co_counts`, and
  // otherwise from the posting lists: O(lines of the baskets that hold any of these products).
  Substitutes(const index::Snapshot& snapshot, const index::Selection& selection,
              absl::Span<const uint32_t> item_counts, Item original, index::CoCounts& co_counts);

  // True if the original has a context; if not, products are compared by their attributes.
  bool has_context() const { return !context_.empty(); }
  Substitute Of(Item item) const;
  // The products with a score above 0 that may be offered, best first: by score, then by count,
  // then by SKU. O(links of the context + products).
  std::vector<Substitute> Best(const ProductOffers& offers, size_t limit) const;

 private:
  using RowPtr = std::shared_ptr<const index::CoCountRow>;
  // A product of the context.
  struct Link {
    Item item;
    double weight;
    RowPtr row;
  };

  int64_t CountOf(Item item) const {
    return selection_.everything ? snapshot_.live_count(item) : item_counts_[item];
  }
  RowPtr RowOf(Item item, index::CoCounts& co_counts) const;
  // The weight of a link between products that `together` baskets hold both: the logarithm of the
  // lift that is certain at 95 %.
  double Weight(Item a, Item b, uint32_t together) const;
  // The substitute with this sum of common weights, without its context.
  Substitute Scored(Item item, double common) const;
  void AddContext(size_t limit, Substitute* substitute) const;

  const index::Snapshot& snapshot_;
  const index::Selection& selection_;
  const absl::Span<const uint32_t> item_counts_;
  const Item original_;
  RowPtr row_;                 // Of the original.
  std::vector<Link> context_;  // Heaviest first.
  double total_weight_ = 0;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_INTENTS_SUBSTITUTES_H_
