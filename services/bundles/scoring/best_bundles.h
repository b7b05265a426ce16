#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BEST_BUNDLES_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BEST_BUNDLES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::scoring {

// A bundle and what decides its place.
struct Candidate {
  double score = 0;
  int64_t count = 0;
  std::vector<Item> items;  // Ascending by SKU.
};

// Keeps the best of the bundles that are offered. With a bound on the overlap that is not enough to
// know the answer: then so many are kept that there hardly need to be several rounds, in each of
// which all bundles are offered again. For one thread.
class BestBundles {
 public:
  // Borrows snapshot and strengths, which must have every pair of what is offered.
  BestBundles(const index::Snapshot& snapshot, const PairStrengths& strengths, size_t limit,
              std::optional<double> max_overlap);

  // A bundle in `count` baskets.
  void Offer(absl::Span<const Item> items, int64_t count);

  // False if a bundle whose pairs have this mean strength, or a lower one, would find no room now;
  // it then counts as one that found none.
  bool HasRoomFor(double mean_strength);

  // Ends a round. True if all bundles must be offered once more to find the rest of the answer.
  // Every round but the last one finds at least one result.
  bool NeedsAnotherRound();

  // After the last round: the answer, best first.
  std::vector<Candidate> Take() { return std::move(chosen_); }

 private:
  // Recommended before.
  bool Better(const Candidate& a, const Candidate& b) const;
  bool OverlapsChosen(absl::Span<const Item> items) const;

  const index::Snapshot& snapshot_;
  const PairStrengths& strengths_;
  const size_t limit_;
  const std::optional<double> max_overlap_;
  const size_t capacity_;
  Candidate offered_;               // Under consideration; kept for its memory.
  std::vector<Candidate> kept_;     // Of this round: a heap, the worst in front.
  bool dropped_ = false;            // A bundle of this round found no room.
  std::optional<Candidate> until_;  // Decided in earlier rounds: all up to this one.
  std::vector<Candidate> chosen_;
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BEST_BUNDLES_H_
