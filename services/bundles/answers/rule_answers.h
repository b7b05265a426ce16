#ifndef CLUSTR_SERVICES_BUNDLES_ANSWERS_RULE_ANSWERS_H_
#define CLUSTR_SERVICES_BUNDLES_ANSWERS_RULE_ANSWERS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/caller.h"
#include "services/bundles/answers/lru_cache.h"
#include "services/bundles/answers/population_views.h"
#include "services/bundles/rules/rule_question.h"
#include "services/bundles/rules/sku_rules.h"
#include "services/bundles/state/state.h"

namespace clustr::bundles {

// The one way to the rules of a state: mined when asked for, and kept for whoever asks the same
// again: the last few answers, at most 256 MiB beyond the newest, and the floor of the newest state
// that it was asked for. Thread-safe; borrows `populations`.
class RuleAnswers {
 public:
  // See rules::MineAnswer for the limit and the errors, which are kept too.
  using Answer = absl::StatusOr<std::shared_ptr<const rules::SkuRules>>;

  RuleAnswers(PopulationViews* populations, int64_t max_rules)
      : populations_(*populations), max_rules_(max_rules) {}

  // Mines if the answer is not kept: costs up to seconds. GoneError, which is not kept, soon after
  // nobody waits for it any more. Uses at most `threads`, its own among them.
  Answer Get(const StatePtr& state, const rules::RuleQuestion& question, const Caller& caller = {},
             int threads = 1);

  // Rules of the floor, as it was mined for the newest state that it was asked for; nothing if that
  // never succeeded.
  std::optional<int64_t> floor_size() const {
    absl::MutexLock lock(&mutex_);
    if (floor_ == nullptr) return std::nullopt;
    return static_cast<int64_t>((**floor_)->size());
  }

  // The answer if it is kept, otherwise nullptr.
  std::shared_ptr<const Answer> Find(const StatePtr& state, const rules::RuleQuestion& question);

 private:
  using Key = std::pair<uint64_t, rules::RuleQuestion>;  // Serial of the state.

  void KeepFloor(uint64_t serial, std::shared_ptr<const Answer> floor);

  PopulationViews& populations_;
  const int64_t max_rules_;
  LruCache<Key, Answer> cache_{8, size_t{256} << 20};

  mutable absl::Mutex mutex_;
  uint64_t floor_serial_ ABSL_GUARDED_BY(mutex_) = 0;            // Of the state that it is of.
  std::shared_ptr<const Answer> floor_ ABSL_GUARDED_BY(mutex_);  // Never an error.
};

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_ANSWERS_RULE_ANSWERS_H_
