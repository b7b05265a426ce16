#ifndef CLUSTR_SERVICES_BUNDLES_SCORING_BEST_BUNDLES_H_
#define CLUSTR_SERVICES_BUNDLES_SCORING_BEST_BUNDLES_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/scoring/bundle_query.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::scoring {

// A bundle and what decides its rank.
struct Candidate {
  double score = 0;
  int64_t count = 0;        // Number of baskets that hold all of it.
  std::vector<Item> items;  // Ascending by SKU.
};

// Keeps the best of the bundles that it is offered. With a bound on the overlap, the best `limit`
// bundles are not yet the answer. Then it keeps so many that one round is usually enough; in each
// further round all bundles must be offered again. Not thread-safe.
class BestBundles {
 public:
  // Borrows its arguments, and heeds the limit of the query and its bound on the overlap.
  // `strengths` must have every pair of every bundle that is offered.
  BestBundles(const index::Snapshot& snapshot, const PairStrengths& strengths,
              const BundleQuery& query);

  // Offers a bundle that `count` baskets hold.
  void Offer(absl::Span<const Item> items, int64_t count);
  // The same, for a score that is not that of heuristic-v0. A search uses one of the two.
  void Offer(absl::Span<const Item> items, int64_t count, double score);

  // False if no bundle whose pairs have this mean strength, or a lower one, would be kept now. Such
  // a bundle then counts as dropped and need not be offered.
  bool HasRoomFor(double mean_strength);
  // The same for bundles with this score or a lower one.
  bool HasRoomForScore(double score);

  // False if all bundles of at most `size` products that have these, which include the anchors,
  // overlap too much with what earlier rounds have chosen, so that they need not be offered.
  bool Admits(absl::Span<const Item> items, size_t size) const;

  // Ends a round. True if all bundles must be offered once more to find the rest of the answer.
  // Every round but the last finds at least one result.
  bool NeedsAnotherRound();

  // What earlier rounds have chosen, best first.
  const std::vector<Candidate>& chosen() const { return chosen_; }
  // The best bundles, best first, whether or not they overlap; known after the first round. Empty
  // if the query does not bound the overlap.
  std::vector<Candidate> TakeOverlapping() { return std::move(overlapping_); }
  // The answer, best first. To be called after the last round.
  std::vector<Candidate> Take() { return std::move(chosen_); }

 private:
  // True if `a` ranks before `b`.
  bool Better(const Candidate& a, const Candidate& b) const;
  void Choose(Candidate candidate);
  // Keeps offered_ if it is good enough.
  void Decide();

  const index::Snapshot& snapshot_;
  const PairStrengths& strengths_;
  const BundleQuery& query_;
  const size_t capacity_;
  Candidate offered_;               // The bundle being offered; a member to reuse its memory.
  std::vector<Candidate> kept_;     // The best of this round, a heap with the worst in front.
  // Known answers of HasRoomFor in this round: true from room_from_ on until the worst of kept_
  // changes, false up to no_room_to_.
  double room_from_ = HUGE_VAL;
  double no_room_to_ = -HUGE_VAL;
  bool dropped_ = false;            // Whether a bundle of this round was dropped for lack of room.
  std::optional<Candidate> until_;  // Earlier rounds decided on all bundles up to this one.
  std::vector<Candidate> overlapping_;  // See TakeOverlapping.
  std::vector<Candidate> chosen_;       // The answer so far.
  // For each Item but the anchors, the places in chosen_ of the bundles that have it.
  absl::flat_hash_map<Item, std::vector<uint32_t>> chosen_with_;
  mutable std::vector<uint8_t> shared_with_;  // One for each of chosen_; 0 but in Admits.
};

}  // namespace clustr::scoring

#endif  // CLUSTR_SERVICES_BUNDLES_SCORING_BEST_BUNDLES_H_
