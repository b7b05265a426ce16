#ifndef CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_
#define CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "services/bundles/answers/lru_cache.h"
#include "services/bundles/bundle_model/rated_pairs.h"
#include "services/bundles/index/population.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/rarer_pairs.h"
#include "services/bundles/state/state.h"

namespace clustr::bundles {

// A population of one state, with results that are expensive to compute. Each is computed by the
// first caller that asks for it, while others wait. Thread-safe.
class PopulationView {
 public:
  PopulationView(StatePtr state, const index::Population& population)
      : state_(std::move(state)), selection_(index::Select(*state_->shop, population)) {}

  const State& state() const { return *state_; }
  const StatePtr& state_ptr() const { return state_; }
  const index::Snapshot& shop() const { return *state_->shop; }
  const index::Selection& selection() const { return selection_; }

  // Number of the population's baskets that hold each Item. Empty if the population is all baskets:
  // then use Snapshot::live_count.
  const std::vector<uint32_t>& item_counts() const;
  // The reference pairs that set the scale of heuristic-v0. Costs a mining pass.
  const absl::StatusOr<scoring::ReferencePairs>& reference() const;
  // Keeps pairs that are rarer than these.
  scoring::RarerPairs& rarer() const { return rarer_; }
  // What a trained model of bundles with this half-life needs. Keeps the tables of the half-life
  // that was asked for last. They borrow from this object.
  std::shared_ptr<const bundle_model::RateTables> rates(double half_life_days) const
      ABSL_LOCKS_EXCLUDED(rates_mutex_);

 private:
  const StatePtr state_;
  const index::Selection selection_;
  mutable std::once_flag item_counts_once_;
  mutable std::vector<uint32_t> item_counts_;
  mutable std::once_flag reference_once_;
  mutable absl::StatusOr<scoring::ReferencePairs> reference_;
  mutable scoring::RarerPairs rarer_;
  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  mutable std::mutex rates_mutex_;
  mutable std::shared_ptr<const bundle_model::RateTables> rates_ ABSL_GUARDED_BY(rates_mutex_);
};

// The most recently used populations. Thread-safe.
class PopulationViews {
 public:
  // The view of `population` in `state`. O(baskets) if it is not cached.
  std::shared_ptr<const PopulationView> Get(const StatePtr& state,
                                            const index::Population& population);

 private:
  using Key = std::pair<uint64_t, index::Population>;  // Serial of the state, and its population.
  LruCache<Key, PopulationView> cache_{8, SIZE_MAX};
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_
