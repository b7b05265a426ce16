#ifndef CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_
#define CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/answers/lru_cache.h"
#include "services/bundles/index/population.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/state/state.h"

namespace clustr::bundles {

// A population of one state, with what is worth keeping of it. Thread-safe; what is not there yet
// is computed by the first who asks, while others wait.
class PopulationView {
 public:
  PopulationView(StatePtr state, const index::Population& population)
      : state_(std::move(state)), selection_(index::Select(*state_->shop, population)) {}

  const State& state() const { return *state_; }
  const StatePtr& state_ptr() const { return state_; }
  const index::Snapshot& shop() const { return *state_->shop; }
  const index::Selection& selection() const { return selection_; }

  // Baskets of the population by Item; empty if it is everybody, for whom the snapshot knows.
  const std::vector<uint32_t>& item_counts() const;
  // What pairs are measured by. Costs a mining pass.
  const absl::StatusOr<scoring::ReferencePairs>& reference() const;

 private:
  const StatePtr state_;
  const index::Selection selection_;
  mutable std::once_flag counted_;
  mutable std::vector<uint32_t> item_counts_;
  mutable std::once_flag referred_;
  mutable absl::StatusOr<scoring::ReferencePairs> reference_;
};

// The populations that were asked for last. Thread-safe.
class PopulationViews {
 public:
  // O(baskets) if it is not kept.
  std::shared_ptr<const PopulationView> Get(const StatePtr& state,
                                            const index::Population& population);

 private:
  using Key = std::pair<uint64_t, index::Population>;  // Serial of the state.
  LruCache<Key, PopulationView> cache_{8, SIZE_MAX};
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_ANSWERS_POPULATION_VIEWS_H_
