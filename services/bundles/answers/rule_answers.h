#ifndef CLUSTR_SERVICES_BUNDLES_ANSWERS_RULE_ANSWERS_H_
#define CLUSTR_SERVICES_BUNDLES_ANSWERS_RULE_ANSWERS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/caller.h"
#include "common/base/histogram.h"
#include "common/rpc/records/metrics.h"
#include "services/bundles/answers/lru_cache.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/rules/sku_rule_query.h"
#include "services/bundles/rules/sku_rules.h"
#include "services/bundles/state/state.h"

namespace clustr::bundles {

// The only way to the rules of a state. Mines them on demand and caches the last few answers (at
// most 256 MiB, but always the newest one) and the floor of the newest state that the floor was
// mined for. Thread-safe; borrows `populations`.
class RuleAnswers {
 public:
  // rules::MineSkuRules documents the limit and the errors. Errors are cached too.
  using Answer = absl::StatusOr<std::shared_ptr<const rules::SkuRules>>;

  RuleAnswers(PopulationViews* populations, int64_t max_rules)
      : populations_(*populations), max_rules_(max_rules) {}

  // The rules of `state` that match `query`. If they are not cached, mines them with at most
  // `threads` threads, the caller's included, which takes up to seconds. The error of
  // Caller::Waits, which is not cached, soon after `caller` stops waiting.
  Answer Get(const StatePtr& state, const rules::SkuRuleQuery& query, const Caller& caller = {},
             int threads = 1);

  // Number of rules in the cached floor; nullopt if no floor was mined yet.
  std::optional<int64_t> floor_size() const;
  // The support from which that floor has rules, if it is not the default.
  std::optional<double> raised_min_support() const;

  // Adds how long mining took, and how often the answer was at hand.
  void AddMetrics(rpc::Metrics* metrics) const;

  // The answer if it is cached, otherwise nullptr.
  std::shared_ptr<const Answer> Find(const StatePtr& state, const rules::SkuRuleQuery& query);

 private:
  using Key = std::pair<uint64_t, rules::SkuRuleQuery>;  // Serial of the state, and the query.

  void KeepFloor(uint64_t serial, std::shared_ptr<const Answer> floor);

  PopulationViews& populations_;
  const int64_t max_rules_;
  LruCache<Key, Answer> cache_{8, size_t{256} << 20};
  Histogram mining_seconds_{SecondsBounds()};
  std::atomic<int64_t> hits_{0};
  std::atomic<int64_t> misses_{0};

  mutable absl::Mutex mutex_;
  uint64_t floor_serial_ ABSL_GUARDED_BY(mutex_) = 0;            // Serial of the floor's state.
  std::shared_ptr<const Answer> floor_ ABSL_GUARDED_BY(mutex_);  // Never an error.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_ANSWERS_RULE_ANSWERS_H_
