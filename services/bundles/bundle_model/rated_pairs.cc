#include "services/bundles/bundle_model/rated_pairs.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "services/bundles/index/queries.h"
#include "services/bundles/mining/measures/support.h"

namespace clustr::bundle_model {
namespace {

using index::Snapshot;
using scoring::PairStrengths;
using scoring::StrongPair;

// The order of operations may move the last bits of a bound.
constexpr double kRounding = 1e-9;

// A pointer to a snapshot that somebody else keeps alive.
std::shared_ptr<const Snapshot> Borrowed(const Snapshot& snapshot) {
  return {std::shared_ptr<const void>(), &snapshot};
}

}  // namespace

RateTables::RateTables(const Snapshot& snapshot, const index::Selection& selection,
                       const RateShape& shape, std::shared_ptr<const RecentShop> recent, Work work)
    : snapshot_(snapshot),
      selection_(selection),
      shape_(shape),
      recent_(std::move(recent)),
      work_(std::move(work)),
      average_(snapshot.basket_count() == 0
                   ? 0
                   : kShareBaskets * static_cast<double>(selection.basket_count) /
                         static_cast<double>(snapshot.basket_count())) {}

RateTables::RateTables(const Snapshot& snapshot, const index::Selection& selection,
                       const RateShape& shape)
    : RateTables(snapshot, selection, shape,
                 std::make_shared<const RecentShop>(Borrowed(snapshot), shape.half_life_days)) {}

double RateTables::MostOf(int64_t count, double weakest) const {
  // share * recent^a * all^(1 - a) <= share * all, which is at most the count and the average.
  const double purchases = MostPurchases(count);
  return StrengthOf(shape_, purchases, purchases, weakest);
}

int64_t RateTables::LeastCount(double strength) const {
  const double unit = StrengthOf(shape_, 1, 1, recent().Most());
  if (unit == 0) return 0;
  const double purchases = strength / unit * (1 - kRounding);
  return static_cast<int64_t>(std::ceil(purchases - MostPurchases(0)));
}

const std::vector<uint32_t>& RateTables::single_counts() const {
  std::call_once(single_counts_once_,
                 [this] { single_counts_ = index::CountItems(snapshot_, selection_); });
  return single_counts_;
}

PairStrengths RateTables::Within(const PairStrengths& pairs,
                                 const scoring::PairBounds& bounds) const {
  std::vector<StrongPair> within;
  for (Item a = 0; a < bounds.allowed.size(); ++a) {
    if (!bounds.allowed[a]) continue;
    for (const scoring::Neighbour& b : pairs.NeighboursOf(a)) {
      if (b.item > a) break;  // They are ascending, and each pair is wanted once.
      if (b.item >= bounds.allowed.size() || !bounds.allowed[b.item]) continue;
      const uint32_t larger = std::max(single_counts()[a], single_counts()[b.item]);
      if (b.count < bounds.min_count ||
          static_cast<double>(b.count) / larger < bounds.min_confidence) {
        continue;
      }
      within.push_back({b.item, a, b.count, b.strength});
    }
  }
  return PairStrengths(within);
}

absl::StatusOr<PairStrengths> RateTables::Count(const scoring::PairBounds& bounds,
                                                scoring::Wanted wanted) const {
  const scoring::PairWork work = work_();
  absl::StatusOr<std::vector<StrongPair>> pairs =
      scoring::CountPairs(snapshot_, selection_, bounds, wanted, work);
  if (!pairs.ok()) return pairs.status();
  std::vector<uint8_t> rows(snapshot_.item_count());
  for (const StrongPair& pair : *pairs) rows[std::max(pair.a, pair.b)] = 1;
  const absl::Status prepared = recent_->Prepare(rows, work.threads, wanted);
  if (!prepared.ok()) return prepared;
  for (StrongPair& pair : *pairs) {
    const double most = MostPurchases(pair.count);
    const double by_recency =
        recent_->PairBound(std::max(pair.a, pair.b), std::min(pair.a, pair.b));
    pair.strength = StrengthOf(shape_, std::min(by_recency, most), most,
                               std::min(recent().Of(pair.a), recent().Of(pair.b)));
  }
  return PairStrengths(*pairs);
}

absl::StatusOr<RatedPairs> RateTables::Common(scoring::Wanted wanted) const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (common_.strengths == nullptr) {
    const int64_t min_count = mining::MinCount(scoring::kReferenceSupport, selection_.basket_count,
                                               scoring::kReferenceCount);
    absl::StatusOr<PairStrengths> counted = Count({.min_count = min_count}, wanted);
    if (!counted.ok()) return counted.status();
    common_ = {min_count, std::make_shared<const PairStrengths>(*std::move(counted))};
    bytes_ = common_.strengths->memory_bytes();
  }
  return common_;
}

absl::StatusOr<RatedPairs> RateTables::Rarer(const scoring::PairBounds& bounds,
                                             scoring::Wanted wanted) const {
  const auto count = [&](const scoring::PairBounds& tried) { return Count(tried, wanted); };
  if (!bounds.allowed.empty()) {
    const auto all = rarer_.Find(
        {.min_count = bounds.min_count, .min_confidence = bounds.min_confidence, .allowed = {}});
    if (all != nullptr) {
      return RatedPairs{bounds.min_count,
                        std::make_shared<const PairStrengths>(Within(*all, bounds))};
    }
    absl::StatusOr<PairStrengths> counted = count(bounds);
    if (!counted.ok()) return counted.status();
    return RatedPairs{bounds.min_count, std::make_shared<const PairStrengths>(*std::move(counted))};
  }
  absl::StatusOr<scoring::RarerPairs::PairsPtr> kept = rarer_.Get(bounds, count);
  if (!kept.ok()) return kept.status();
  return RatedPairs{bounds.min_count, *std::move(kept)};
}

}  // namespace clustr::bundle_model
