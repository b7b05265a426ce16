#include "services/bundles/scoring/best_bundles.h"

#include <algorithm>
#include <utility>

#include "services/bundles/scoring/scored_bundle.h"

namespace clustr::scoring {
namespace {

// Number of bundles kept in a round for each result, and in all, if the bound on the overlap may
// rule out some of the best.
constexpr size_t kKeptPerResult = 10;
constexpr size_t kMostKept = 1'000;

size_t CapacityFor(const BundleQuery& query) {
  if (!query.max_overlap || query.limit >= kMostKept) return query.limit;
  return std::min(query.limit * kKeptPerResult, kMostKept);
}

}  // namespace

BestBundles::BestBundles(const index::Snapshot& snapshot, const PairStrengths& strengths,
                         const BundleQuery& query)
    : snapshot_(snapshot), strengths_(strengths), query_(query), capacity_(CapacityFor(query)) {}

bool BestBundles::Better(const Candidate& a, const Candidate& b) const {
  if (a.score != b.score) return a.score > b.score;
  return std::lexicographical_compare(
      a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
      [&](Item x, Item y) { return snapshot_.sku_of(x) < snapshot_.sku_of(y); });
}

bool BestBundles::OverlapsChosen(absl::Span<const Item> items) const {
  return std::any_of(chosen_.begin(), chosen_.end(), [&](const Candidate& earlier) {
    return OverlapsTooMuch(query_, items, earlier.items);
  });
}

void BestBundles::Offer(absl::Span<const Item> items, int64_t count) {
  offered_.items.assign(items.begin(), items.end());
  SortBySku(snapshot_, offered_.items);
  offered_.count = count;
  offered_.score = ScoreOf(offered_.items, [&](Item a, Item b) { return strengths_.Of(a, b); });
  Decide();
}

void BestBundles::Offer(absl::Span<const Item> items, int64_t count, double score) {
  offered_.items.assign(items.begin(), items.end());
  SortBySku(snapshot_, offered_.items);
  offered_.count = count;
  offered_.score = score;
  Decide();
}

void BestBundles::Decide() {
  if (until_ && !Better(*until_, offered_)) return;
  const auto better = [this](const Candidate& a, const Candidate& b) { return Better(a, b); };
  const bool full = kept_.size() == capacity_;
  if (full && !Better(offered_, kept_.front())) {
    dropped_ = true;
    return;
  }
  if (OverlapsChosen(offered_.items)) return;
  if (full) {
    dropped_ = true;
    std::pop_heap(kept_.begin(), kept_.end(), better);
    kept_.pop_back();
  }
  kept_.push_back(offered_);
  std::push_heap(kept_.begin(), kept_.end(), better);
}

bool BestBundles::HasRoomFor(double mean_strength) {
  // The caller adds up in another order than Offer, so sums may differ in their last bits.
  constexpr double kRounding = 1e-9;
  return HasRoomForScore(HeuristicScore(mean_strength + kRounding));
}

bool BestBundles::HasRoomForScore(double score) {
  if (kept_.size() < capacity_) return true;
  if (score >= kept_.front().score) return true;
  dropped_ = true;
  return false;
}

bool BestBundles::NeedsAnotherRound() {
  std::sort(kept_.begin(), kept_.end(),
            [this](const Candidate& a, const Candidate& b) { return Better(a, b); });
  if (!kept_.empty()) until_ = kept_.back();
  for (Candidate& candidate : kept_) {
    if (chosen_.size() == query_.limit) break;
    if (!OverlapsChosen(candidate.items)) chosen_.push_back(std::move(candidate));
  }
  kept_.clear();
  return std::exchange(dropped_, false) && chosen_.size() < query_.limit;
}

}  // namespace clustr::scoring
