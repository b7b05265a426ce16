#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_RARER_PAIRS_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_RARER_PAIRS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::scoring {

// How many threads a computation that begins now may use, including the caller's.
using SpareThreads = std::function<int()>;

// Keeps the pairs of one population that are rarer than its reference pairs, so that a search among
// them does not count them again. Thread-safe.
class RarerPairs {
 public:
  using PairsPtr = std::shared_ptr<const PairStrengths>;

  // `tables` may be null; see PairWork.
  explicit RarerPairs(
      SpareThreads spare_threads = [] { return 1; },
      std::shared_ptr<index::PairTables> tables = nullptr)
      : spare_threads_(std::move(spare_threads)), tables_(std::move(tables)) {}

  // Counts the pairs within bounds, and rates them.
  using Count = absl::FunctionRef<absl::StatusOr<PairStrengths>(const PairBounds& bounds)>;

  // All pairs within `bounds`, which must have no `allowed`, and perhaps others. `count` must give
  // a pair the same strength in every call. While it counts pairs, other callers wait. Errors are
  // those of `count`.
  absl::StatusOr<PairsPtr> Get(const PairBounds& bounds, Count count) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same for strengths by heuristic-v0. The arguments before `bounds` must be the same in every
  // call. Errors are those of ComputeStrengths.
  absl::StatusOr<PairsPtr> Get(const index::Snapshot& snapshot, const index::Selection& selection,
                               const PairMeasures& maxima, const PairBounds& bounds,
                               Wanted wanted = AlwaysWanted) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same if they are kept already, otherwise nullptr.
  PairsPtr Find(const PairBounds& bounds) const ABSL_LOCKS_EXCLUDED(mutex_);

  // What a computation for this population that begins now may use.
  PairWork work() const { return {spare_threads_(), tables_.get()}; }
  // Of the pairs that are kept. Never waits.
  size_t memory_bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  // Pairs that were counted, and the bounds that they have all pairs within.
  struct Kept {
    PairsPtr pairs;
    int64_t min_count = INT64_MAX;
    double min_confidence = 0;
  };

  // Bounds that admit too many pairs.
  struct Refused {
    int64_t min_count = 0;
    double min_confidence = 0;
  };

  PairsPtr FindKept(const PairBounds& bounds) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const SpareThreads spare_threads_;
  const std::shared_ptr<index::PairTables> tables_;
  mutable std::mutex mutex_;  // Not absl::Mutex, because TSan cannot see into Debian's build of it.
  // Those of some confidence, which nearly all searches need alone and which are far fewer; and
  // any.
  std::array<Kept, 2> kept_ ABSL_GUARDED_BY(mutex_);
  std::atomic<size_t> bytes_{0};  // Of kept_.
  // The bounds that were refused last, of both kinds: wider ones are refused, too.
  std::array<Refused, 2> refused_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_RARER_PAIRS_H_
