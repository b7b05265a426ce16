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

// A range of numbers of products, both ends inclusive.
struct BundleSizes {
  int min;
  int max;
};

// The bundles that satisfy a query, except for max_overlap and limit, which concern the answer as a
// whole. Borrows its arguments. Const methods are thread-safe.
class BundleSpace {
 public:
  // O(lines of the selection).
  BundleSpace(const index::Snapshot& snapshot, const index::Selection& selection,
              const BundleQuery& query);

  // The minimum number of baskets that hold a bundle.
  int64_t min_count() const { return min_count_; }
  // The number of baskets of the selection that hold each Item.
  absl::Span<const uint32_t> single_counts() const { return single_counts_; }
  // For each Item, 1 if a bundle may have it. Callers that can rule out more items may clear them.
  std::vector<uint8_t>& allowed() { return allowed_; }
  // True if the space is known to be empty without a walk.
  bool empty() const { return empty_; }

  using Visit = absl::FunctionRef<bool(absl::Span<const Item> items, int64_t count)>;
  using Worth = absl::FunctionRef<bool(absl::Span<const Item> items)>;

  // Calls `visit` once with every bundle whose size is in `sizes`, which must be within those of
  // the query, and with the number of baskets that hold it. The items are in no promised order; the
  // order of the bundles is deterministic. `visit` returns false to end the walk. If `worth`
  // returns false for a bundle or a single product, its extensions are not visited.
  //
  // Anti-monotone bounds (counts, all-confidence, maximum price, categories) prune whole branches.
  // RESOURCE_EXHAUSTED if more than max_candidates bundles are visited; otherwise errors are those
  // of `wanted`. Memory: 8 bytes per line of allowed products and 4 per basket.
  absl::Status Walk(const BundleSizes& sizes, Wanted wanted, Worth worth, Visit visit) const;

 private:
  const index::Snapshot& snapshot_;
  const BundleQuery& query_;
  const int64_t min_count_;
  const std::vector<uint32_t> single_counts_;
  std::vector<uint8_t> allowed_;
  index::Selection searched_;  // The baskets that hold all anchors.
  bool empty_ = false;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BUNDLE_SPACE_H_
