#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_SPACE_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_SPACE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::scoring {

// The bundles that satisfy a query, except for max_overlap and limit, which concern the answer as a
// whole. Borrows its arguments. Const methods are thread-safe.
class BundleSpace {
 public:
  // What bounds refer to. Of a bundle, price_cents and gain are sums.
  struct Product {
    uint32_t single_count = 0;
    uint32_t category = 0;  // A number for the text. Equal texts have equal numbers.
    int64_t price_cents = 0;
    // How far the margin is above that which min_margin_ratio asks for, in cents; at least 0 for a
    // product that costs nothing. 0 without that bound.
    double gain = 0;
  };

  // `single_counts` must be CountItems(snapshot, selection). O(products), and O(lines of the baskets
  // that hold the anchors).
  BundleSpace(const index::Snapshot& snapshot, const index::Selection& selection,
              const BundleQuery& query, std::vector<uint32_t> single_counts);

  const BundleQuery& query() const { return query_; }
  // The minimum number of baskets that hold a bundle.
  int64_t min_count() const { return min_count_; }
  // The number of baskets of the selection that hold each Item.
  absl::Span<const uint32_t> single_counts() const { return single_counts_; }
  // For each Item, 1 if a bundle may have it by the bounds on products.
  absl::Span<const uint8_t> allowed() const { return allowed_; }
  // The baskets that hold all anchors.
  const index::Selection& searched() const { return searched_; }
  // True if the space is known to be empty without a search.
  bool empty() const { return empty_; }

  // Whether counting the pairs of the allowed products alone is better than keeping all pairs for
  // the next search: it costs far less, or half with anchors, which other searches have not.
  bool has_few_products() const;

  // Leaves out the bundles that have `item`.
  void Forbid(Item item);

  // `item` must be allowed.
  const Product& product(Item item) const { return products_[item]; }
  // True if sums of products are bounded, from either side.
  bool has_sum_bounds() const { return has_sum_bounds_; }
  // True if there may be a bundle whose price is from `lowest` to `highest` and whose gain is at
  // most `gain`, all in cents.
  bool MayHave(int64_t lowest, int64_t highest, double gain) const;
  // True if a bundle of `items` meets the bounds on its sums, exactly.
  bool MeetsSumBounds(absl::Span<const Item> items) const;
  // True if `count` baskets hold a bundle whose most common product is in `largest_single` ones,
  // and that is enough. False for a bundle means false for every larger one.
  bool MeetsCounts(int64_t count, uint32_t largest_single) const {
    return count >= min_count_ &&
           static_cast<double>(count) / largest_single >= query_.min_confidence;
  }

 private:
  void Describe();

  const index::Snapshot& snapshot_;
  const BundleQuery& query_;
  const int64_t min_count_;
  const std::vector<uint32_t> single_counts_;
  std::vector<uint8_t> allowed_;
  std::vector<Product> products_;  // Indexed by Item.
  index::Selection searched_;
  bool has_sum_bounds_ = false;
  bool empty_ = false;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_WALK_BUNDLE_SPACE_H_
