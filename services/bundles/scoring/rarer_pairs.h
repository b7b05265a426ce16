#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_RARER_PAIRS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_RARER_PAIRS_H_

#include <cstdint>
#include <memory>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::scoring {

// Keeps the pairs of one population that are rarer than its reference pairs, so that a search among
// them does not count them again. Thread-safe.
class RarerPairs {
 public:
  // All pairs in at least `min_count` baskets of the selection, and perhaps rarer ones. The
  // arguments but the last must be the same in every call. While it counts pairs, other callers
  // wait. Errors are those of ComputeStrengths.
  absl::StatusOr<std::shared_ptr<const PairStrengths>> Get(const index::Snapshot& snapshot,
                                                           const index::Selection& selection,
                                                           const PairMeasures& maxima,
                                                           int64_t min_count)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The same if they are kept already, otherwise nullptr.
  std::shared_ptr<const PairStrengths> Find(int64_t min_count) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  std::shared_ptr<const PairStrengths> pairs_ ABSL_GUARDED_BY(mutex_);
  int64_t min_count_ ABSL_GUARDED_BY(mutex_) = INT64_MAX;  // Of pairs_.
  int64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;  // The greatest min_count that was refused.
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_RARER_PAIRS_H_
