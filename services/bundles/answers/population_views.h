#ifndef CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_
#define CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "services/bundles/bundle_model/rated_pairs.h"
#include "services/bundles/bundle_model/recent_shop.h"
#include "services/bundles/index/pairs/pair_tables.h"
#include "services/bundles/index/population.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/rarer_pairs.h"
#include "services/bundles/state/state.h"

namespace clustr::bundles {

// Keeps the two RecentShops that were used last: the counts by recency that the rates of all
// populations of one snapshot share. Thread-safe.
class RecentShops {
 public:
  // The one of this snapshot and half-life, which is made if it is not kept: O(baskets), while
  // other callers wait.
  std::shared_ptr<const bundle_model::RecentShop> Get(
      const std::shared_ptr<const index::Snapshot>& shop, double half_life_days)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  static constexpr size_t kMaxKept = 2;

  std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  // Most recently used first.
  std::deque<std::shared_ptr<const bundle_model::RecentShop>> kept_ ABSL_GUARDED_BY(mutex_);
};

// A population of one state, with results that are expensive to compute. Those of searches are
// computed by the first caller that asks for them, while others wait. Thread-safe.
class PopulationView {
 public:
  using ReferencePtr = std::shared_ptr<const scoring::ReferencePairs>;

  PopulationView(StatePtr state, const index::Population& population,
                 scoring::SpareThreads spare_threads, std::shared_ptr<index::PairTables> tables,
                 std::shared_ptr<RecentShops> recent)
      : state_(std::move(state)),
        selection_(index::Select(*state_->shop, population)),
        rarer_(std::move(spare_threads), std::move(tables)),
        recent_(std::move(recent)) {}

  const State& state() const { return *state_; }
  const StatePtr& state_ptr() const { return state_; }
  const index::Snapshot& shop() const { return *state_->shop; }
  const index::Selection& selection() const { return selection_; }

  // Number of the population's baskets that hold each Item. Empty if the population is all baskets:
  // then use Snapshot::live_count. O(baskets) until the first caller has counted them; others do
  // not wait for that one, which may have a lower priority.
  const std::vector<uint32_t>& item_counts() const;
  // The reference pairs that set the scale of heuristic-v0, never null. Costs a pass over all pairs
  // in the baskets. RESOURCE_EXHAUSTED if there are too many; otherwise errors are those of
  // `wanted`, and the next caller computes the pairs again.
  absl::StatusOr<ReferencePtr> reference(scoring::Wanted wanted) const
      ABSL_LOCKS_EXCLUDED(reference_mutex_);
  // Keeps pairs that are rarer than these.
  scoring::RarerPairs& rarer() const { return rarer_; }
  // The tables from which a trained model of this shape scores bundles. Keeps those of the shape
  // that was asked for last. They borrow from this object.
  std::shared_ptr<const bundle_model::RateTables> rates(const bundle_model::RateShape& shape) const
      ABSL_LOCKS_EXCLUDED(rates_mutex_);

  // About the bytes of what has been computed until now. Does not wait for what is being computed.
  size_t memory_bytes() const;

 private:
  const StatePtr state_;
  const index::Selection selection_;
  mutable std::mutex item_counts_mutex_;
  mutable std::unique_ptr<const std::vector<uint32_t>> owned_item_counts_
      ABSL_GUARDED_BY(item_counts_mutex_);
  mutable std::atomic<const std::vector<uint32_t>*> item_counts_{nullptr};
  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  mutable std::mutex reference_mutex_;
  // Unset until it is known.
  mutable std::optional<absl::StatusOr<ReferencePtr>> reference_ ABSL_GUARDED_BY(reference_mutex_);
  mutable std::atomic<size_t> reference_bytes_{0};
  mutable scoring::RarerPairs rarer_;
  const std::shared_ptr<RecentShops> recent_;
  mutable std::mutex rates_mutex_;
  mutable std::shared_ptr<const bundle_model::RateTables> rates_ ABSL_GUARDED_BY(rates_mutex_);
};

// The most recently used populations, as many as a bound on their memory admits, and the tables
// that their pairs are counted from. Thread-safe.
class PopulationViews {
 public:
  static constexpr size_t kMaxViews = 64;
  // A state is seldom asked for once there is a newer one, and keeps its shop in memory.
  static constexpr size_t kMaxViewsOfOlderStates = 4;

  // Keeps views of at most `max_bytes` together, but always the newest one. `spare_threads` must be
  // thread-safe, and valid as long as any view.
  explicit PopulationViews(scoring::SpareThreads spare_threads = [] { return 1; },
                           size_t max_bytes = size_t{160} << 20)
      : spare_threads_(std::move(spare_threads)), max_bytes_(max_bytes) {}

  // The view of `population` in `state`. O(baskets) if it is not cached.
  std::shared_ptr<const PopulationView> Get(const StatePtr& state,
                                            const index::Population& population)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    uint64_t serial;  // The serial number of the state that the view belongs to.
    index::Population population;
    std::shared_ptr<const PopulationView> view;
  };

  std::shared_ptr<const PopulationView> Find(const State& state,
                                             const index::Population& population)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes away the entries that exceed the bounds and returns them.
  std::deque<Entry> Evict() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const scoring::SpareThreads spare_threads_;
  const size_t max_bytes_;
  const std::shared_ptr<index::PairTables> tables_ = std::make_shared<index::PairTables>();
  const std::shared_ptr<RecentShops> recent_ = std::make_shared<RecentShops>();
  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  std::mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // Most recently used first.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_
