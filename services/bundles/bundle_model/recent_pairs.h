#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_PAIRS_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_PAIRS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/bundles/bundle_model/recent_counts.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"

namespace clustr::bundle_model {

// Bounds on what the baskets of one snapshot that hold two products amount to by their recency, in
// one byte for each pair of products. The bounds of a product with all lower-numbered ones are
// computed when they are first asked for. Thread-safe; borrows its arguments.
class RecentPairs {
 public:
  static constexpr size_t kMaxProducts = 16'000;  // They take at most 128 MB.

  // The snapshot must have at most kMaxProducts items.
  RecentPairs(const index::Snapshot& snapshot, const RecentCounts& recent);

  size_t item_count() const { return ready_.size(); }

  // Makes Of(a, b) known for all a with wanted_items[a] != 0 and b < a. Takes 2 to 4 ns for each
  // product in a basket that holds a. Errors are those of `wanted`.
  absl::Status Prepare(absl::Span<const uint8_t> wanted_items, int threads,
                       scoring::Wanted wanted) const ABSL_LOCKS_EXCLUDED(mutex_);
  // At least the amount of the pair, and at most 8 % or 0.25 more. a > b, and a was prepared.
  double Of(Item a, Item b) const { return ValueOf(codes_[a][b]); }

 private:
  static double ValueOf(uint8_t code);
  // Sets the codes of one item. `sums` is memory to use.
  void Fill(Item item, std::vector<uint64_t>* sums) const;

  const index::Snapshot& snapshot_;
  const RecentCounts& recent_;
  mutable std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  // Both are indexed by Item. Codes are written under the lock, before the item becomes ready.
  mutable std::vector<std::unique_ptr<uint8_t[]>> codes_;
  mutable std::vector<std::atomic<bool>> ready_;
};

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENT_PAIRS_H_
