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

bool BestBundles::Admits(absl::Span<const Item> items, size_t size) const {
  if (!query_.max_overlap || chosen_.empty()) return true;
  size_t most = 0;  // What they have in common, but for the anchors, with any of chosen_.
  const auto for_each = [&](auto visit) {
    for (const Item item : items) {
      const auto with = chosen_with_.find(item);
      if (with == chosen_with_.end()) continue;
      for (const uint32_t place : with->second) visit(shared_with_[place]);
    }
  };
  for_each([&](uint8_t& shared) { most = std::max<size_t>(most, ++shared); });
  for_each([](uint8_t& shared) { shared = 0; });
  return !OverlapsTooMuch(query_, most + query_.anchors.size(), size);
}

void BestBundles::Choose(Candidate candidate) {
  const auto place = static_cast<uint32_t>(chosen_.size());
  for (const Item item : candidate.items) {
    const bool is_anchor =
        std::find(query_.anchors.begin(), query_.anchors.end(), item) != query_.anchors.end();
    if (!is_anchor) chosen_with_[item].push_back(place);
  }
  chosen_.push_back(std::move(candidate));
  shared_with_.push_back(0);
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
  if (!Admits(offered_.items, offered_.items.size())) return;
  if (full) {
    dropped_ = true;
    std::pop_heap(kept_.begin(), kept_.end(), better);
    kept_.pop_back();
  }
  room_from_ = HUGE_VAL;
  kept_.push_back(offered_);
  std::push_heap(kept_.begin(), kept_.end(), better);
}

bool BestBundles::HasRoomFor(double mean_strength) {
  // The caller adds up in another order than Offer, so sums may differ in their last bits.
  constexpr double kRounding = 1e-9;
  if (kept_.size() < capacity_ || mean_strength >= room_from_) return true;
  if (mean_strength <= no_room_to_) {
    dropped_ = true;
    return false;
  }
  const bool has_room = HasRoomForScore(HeuristicScore(mean_strength + kRounding));
  (has_room ? room_from_ : no_room_to_) = mean_strength;
  return has_room;
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
  if (query_.max_overlap && !until_) {
    const size_t best = std::min(query_.limit, kept_.size());
    overlapping_.assign(kept_.begin(), kept_.begin() + static_cast<ptrdiff_t>(best));
  }
  if (!kept_.empty()) until_ = kept_.back();
  for (Candidate& candidate : kept_) {
    if (chosen_.size() == query_.limit) break;
    if (Admits(candidate.items, candidate.items.size())) Choose(std::move(candidate));
  }
  kept_.clear();
  room_from_ = HUGE_VAL;
  no_room_to_ = -HUGE_VAL;
  return std::exchange(dropped_, false) && chosen_.size() < query_.limit;
}

}  // namespace clustr::scoring
