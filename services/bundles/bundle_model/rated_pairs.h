#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATED_PAIRS_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATED_PAIRS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "services/bundles/bundle_model/bundle_model.h"
#include "services/bundles/bundle_model/recent_counts.h"
#include "services/bundles/bundle_model/recent_shop.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/pair_strengths.h"
#include "services/bundles/scoring/rarer_pairs.h"

namespace clustr::bundle_model {

// Baskets of the average population that are added to a bundle's own when the population's share of
// its purchases is estimated.
inline constexpr double kShareBaskets = 7;

// Pairs of products, with bounds on what the population buys of each recently.
struct RatedPairs {
  // All pairs that at least so many baskets of the population hold, and perhaps rarer ones.
  int64_t min_count = INT64_MAX;
  // The strength of a pair is a bound on BundleEvidence.share * StrengthOf of every bundle that has
  // the pair.
  std::shared_ptr<const scoring::PairStrengths> strengths;
};

// What the rates of one population are computed from, for one shape, as far as it does not
// depend on a request. The pairs are computed by the first caller that asks for them, while others
// wait. Thread-safe; borrows the snapshot and the selection.
class RateTables {
 public:
  // What counting pairs may use, from the time of the call.
  using Work = std::function<scoring::PairWork()>;

  // `recent` must be of this snapshot and the half-life of the shape.
  RateTables(
      const index::Snapshot& snapshot, const index::Selection& selection, const RateShape& shape,
      std::shared_ptr<const RecentShop> recent, Work work = [] { return scoring::PairWork(); });
  // The same with a RecentShop of its own. O(baskets).
  RateTables(const index::Snapshot& snapshot, const index::Selection& selection,
             const RateShape& shape);

  const RateShape& shape() const { return shape_; }
  const RecentCounts& recent() const { return recent_->counts(); }
  // k N'/N; k for all baskets.
  double average() const { return average_; }
  // A bound on share * StrengthOf of a bundle that `count` baskets of the population hold, and
  // whose products amount to at least `weakest` recent baskets each.
  double MostOf(int64_t count, double weakest) const;
  // The same for any products. The first call counts products until it knows the best-selling one.
  double MostOf(int64_t count) const { return MostOf(count, recent().Most()); }
  // A bundle in fewer baskets of the population is weaker than `strength`.
  int64_t LeastCount(double strength) const;
  // The number of baskets of the population that hold each Item.
  const std::vector<uint32_t>& single_counts() const;

  // About the bytes of the pairs that are kept and of the counts by product. Never waits.
  size_t memory_bytes() const {
    return bytes_.load(std::memory_order_relaxed) + rarer_.memory_bytes() +
           snapshot_.item_count() * sizeof(uint64_t);
  }

  // The pairs that most answers consist of: those of heuristic-v0's reference pairs. Costs a mining
  // pass, and about a nanosecond for each pair in the baskets that hold one of their products.
  // Errors, here and below, are those of scoring::CountPairs.
  absl::StatusOr<RatedPairs> Common(scoring::Wanted wanted = scoring::AlwaysWanted) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // All pairs within `bounds`, and without bounds.allowed perhaps others: those are kept for the
  // next caller. With it, the pairs are read from those that are kept if they are among them, and
  // otherwise counted, and not kept; which of both changes nothing but the time.
  absl::StatusOr<RatedPairs> Rarer(const scoring::PairBounds& bounds,
                                   scoring::Wanted wanted = scoring::AlwaysWanted) const;

 private:
  // A bound on share * recent, and on share * all, of a bundle that `count` baskets of the
  // population hold.
  double MostPurchases(int64_t count) const {
    return static_cast<double>(count) + (selection_.everything ? 0 : average_);
  }
  // Those of the pairs that are within `bounds`. O(pairs of the allowed products).
  scoring::PairStrengths Within(const scoring::PairStrengths& pairs,
                                const scoring::PairBounds& bounds) const;
  absl::StatusOr<scoring::PairStrengths> Count(const scoring::PairBounds& bounds,
                                               scoring::Wanted wanted) const;

  const index::Snapshot& snapshot_;
  const index::Selection& selection_;
  const RateShape shape_;
  const std::shared_ptr<const RecentShop> recent_;
  const Work work_;
  const double average_;
  mutable std::once_flag single_counts_once_;
  mutable std::vector<uint32_t> single_counts_;
  mutable scoring::RarerPairs rarer_;
  mutable std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  mutable std::atomic<size_t> bytes_{0};  // Of common_.
  mutable RatedPairs common_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RATED_PAIRS_H_
