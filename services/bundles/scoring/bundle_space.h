#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SPACE_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SPACE_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::scoring {

// From how many products to how many.
struct BundleSizes {
  int least;
  int most;
};

// The bundles that satisfy each bound of a query on its own: all but max_overlap and limit, which
// are about answers. Borrows what it is made of. Const methods are thread-safe.
class BundleSpace {
 public:
  // O(lines of the selection).
  BundleSpace(const index::Snapshot& snapshot, const index::Selection& selection,
              const BundleQuery& query);

  // Baskets that hold a bundle: at least so many.
  int64_t min_count() const { return min_count_; }
  // Baskets of the selection by Item.
  absl::Span<const uint32_t> single_counts() const { return single_counts_; }
  // By Item, 1 for products that a bundle may have. Whoever knows more may set some to 0.
  std::vector<uint8_t>& allowed() { return allowed_; }
  // True where it can be seen at once that there are none.
  bool empty() const { return empty_; }

  using Visit = absl::FunctionRef<bool(absl::Span<const Item> items, int64_t count)>;
  using Worth = absl::FunctionRef<bool(absl::Span<const Item> items)>;

  // Calls `visit` with every bundle of `sizes`, which lie within those of the query, its items in
  // no promised order, and the baskets that hold it: each once, in an order that depends on nothing
  // else. `visit` returns false to end the walk. What is larger than a bundle, or a single product,
  // is passed by if `worth` says false of that.
  // RESOURCE_EXHAUSTED past max_candidates. Bounds that a larger bundle cannot meet if a smaller
  // one does not (counts, all-confidence, greatest price, categories) cut off whole branches.
  // Memory: 8 bytes a line of allowed products and 4 a basket.
  absl::Status Walk(const BundleSizes& sizes, Wanted wanted, Worth worth, Visit visit) const;

 private:
  const index::Snapshot& snapshot_;
  const BundleQuery& query_;
  const int64_t min_count_;
  const std::vector<uint32_t> single_counts_;
  std::vector<uint8_t> allowed_;
  index::Selection searched_;  // The baskets with all anchors.
  bool empty_ = false;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SPACE_H_
