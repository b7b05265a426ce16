#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATED_PAIRS_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATED_PAIRS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/bundle_model/recent_counts.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/pair_strengths.h"

namespace clustr::bundle_model {

// Baskets of the average population that are added to a bundle's own when the population's share of
// its purchases is estimated.
inline constexpr double kShareBaskets = 7;

// Pairs of products, with bounds on what the population buys of each recently.
struct RatedPairs {
  // All pairs that at least so many baskets of the population hold, and perhaps rarer ones.
  int64_t min_count = INT64_MAX;
  // The strength of a pair is a bound on BundleEvidence.share * StrengthOf of every bundle that has
  // the pair. For the population of all baskets it is exactly that of the pair.
  scoring::PairStrengths strengths;
};

// What the rates of one population are computed from, for one shape, as far as it does not
// depend on a request. The pairs are computed by the first caller that asks for them, while others
// wait. Thread-safe; borrows its arguments.
class RateTables {
 public:
  using PairsPtr = std::shared_ptr<const RatedPairs>;

  // O(baskets).
  RateTables(const index::Snapshot& snapshot, const index::Selection& selection,
             const RateShape& shape);

  const RateShape& shape() const { return shape_; }
  const RecentCounts& recent() const { return recent_; }
  // k N'/N; k for all baskets.
  double average() const { return average_; }
  // A bound on share * StrengthOf of a bundle that `count` baskets of the population hold, and
  // whose products amount to at least `weakest` recent baskets each.
  double MostOf(int64_t count, double weakest) const;
  // The same for any products. The first call counts products until it knows the best-selling one.
  double MostOf(int64_t count) const { return MostOf(count, recent_.Most()); }
  // A bundle in fewer baskets of the population is weaker than `strength`.
  int64_t LeastCount(double strength) const;

  // About the bytes of the pairs that are kept and of the counts by product. Never waits.
  size_t memory_bytes() const {
    return bytes_.load(std::memory_order_relaxed) + snapshot_.item_count() * sizeof(uint64_t);
  }

  // The pairs that most answers consist of: those of heuristic-v0's reference pairs. Costs a mining
  // pass, and about a nanosecond for each pair of products in a basket.
  absl::StatusOr<PairsPtr> Common() const ABSL_LOCKS_EXCLUDED(mutex_);
  // All pairs in at least `min_count` baskets. Keeps those of the lowest count that was asked for.
  absl::StatusOr<PairsPtr> Rarer(int64_t min_count) const ABSL_LOCKS_EXCLUDED(mutex_);
  // Those among the items i with allowed[i] != 0. Does not keep them.
  //
  // All of these are RESOURCE_EXHAUSTED where scoring::ComputeStrengths is.
  absl::StatusOr<PairsPtr> Count(int64_t min_count, absl::Span<const uint8_t> allowed) const;

 private:
  const index::Snapshot& snapshot_;
  const index::Selection& selection_;
  const RateShape shape_;
  const RecentCounts recent_;
  const double average_;
  mutable std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  mutable std::atomic<size_t> bytes_{0};  // The bytes of common_ and rarer_.
  mutable PairsPtr common_ ABSL_GUARDED_BY(mutex_);
  mutable PairsPtr rarer_ ABSL_GUARDED_BY(mutex_);
  mutable int64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;  // The greatest min_count that was refused.
};

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATED_PAIRS_H_
