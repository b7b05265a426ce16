#include "services/bundles/bundle_model/rated_pairs.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "services/bundles/index/queries.h"
#include "services/bundles/mining/measures/support.h"
#include "services/bundles/scoring/heuristic.h"

namespace clustr::bundle_model {
namespace {

using index::Slot;
using index::Snapshot;
using scoring::Neighbour;
using scoring::PairStrengths;
using scoring::StrongPair;

// The order of operations may move the last bits of a bound.
constexpr double kRounding = 1e-9;

// What the baskets with a pair amount to.
struct PairSum {
  uint64_t units = 0;  // By their recency.
  uint64_t count = 0;
};

// Adds up, for one product after the other, what its pairs amount to.
class PairCounter {
 public:
  PairCounter(const Snapshot& snapshot, const RecentCounts& recent)
      : snapshot_(snapshot), recent_(recent), place_of_(snapshot.item_count()) {}

  // What the pairs of `item` with each of `others`, which have higher numbers, amount to. Valid
  // until the next call.
  absl::Span<const PairSum> Count(Item item, absl::Span<const Neighbour> others) {
    sums_.assign(others.size() + 1, {});  // The first one takes what is not asked for.
    for (size_t i = 0; i < others.size(); ++i) {
      place_of_[others[i].item] = static_cast<uint32_t>(i + 1);
    }
    index::ForEachBasket(snapshot_, recent_.everything(), {item}, [&](Slot slot) {
      const uint64_t units = recent_.recency().UnitsOf(snapshot_.epoch_day(slot));
      const absl::Span<const Item> basket = snapshot_.items(slot);
      for (size_t i = basket.size(); i-- > 0 && basket[i] > item;) {
        PairSum& sum = sums_[place_of_[basket[i]]];
        sum.units += units;
        ++sum.count;
      }
    });
    for (const Neighbour& other : others) place_of_[other.item] = 0;
    return absl::MakeConstSpan(sums_).subspan(1);
  }

 private:
  const Snapshot& snapshot_;
  const RecentCounts& recent_;
  std::vector<uint32_t> place_of_;  // Indexed by Item: 1 + its place among the others, or 0.
  std::vector<PairSum> sums_;
};

}  // namespace

RateTables::RateTables(const Snapshot& snapshot, const index::Selection& selection,
                       const RateShape& shape)
    : snapshot_(snapshot),
      selection_(selection),
      shape_(shape),
      recent_(snapshot, shape.half_life_days),
      average_(snapshot.basket_count() == 0
                   ? 0
                   : kShareBaskets * static_cast<double>(selection.basket_count) /
                         static_cast<double>(snapshot.basket_count())) {}

double RateTables::MostOf(int64_t count, double weakest) const {
  // share * recent^a * all^(1 - a) <= share * all, which is at most the count and the average.
  const double purchases = static_cast<double>(count) + (selection_.everything ? 0 : average_);
  return StrengthOf(shape_, purchases, purchases, weakest);
}

int64_t RateTables::LeastCount(double strength) const {
  const double unit = StrengthOf(shape_, 1, 1, recent_.Most());
  if (unit == 0) return 0;
  const double purchases = strength / unit * (1 - kRounding);
  return static_cast<int64_t>(std::ceil(purchases - (selection_.everything ? 0 : average_)));
}

absl::StatusOr<RateTables::PairsPtr> RateTables::Count(int64_t min_count,
                                                       absl::Span<const uint8_t> allowed) const {
  const absl::StatusOr<PairStrengths> counted = scoring::ComputeStrengths(
      snapshot_, selection_, {}, {.min_count = min_count, .allowed = allowed});
  if (!counted.ok()) return counted.status();
  std::vector<StrongPair> pairs;
  pairs.reserve(counted->size());
  PairCounter counter(snapshot_, recent_);
  for (Item item = 0; item < snapshot_.item_count(); ++item) {
    const absl::Span<const Neighbour> all = counted->NeighboursOf(item);
    const auto later = std::upper_bound(all.begin(), all.end(), item,
                                        [](Item i, const Neighbour& n) { return i < n.item; });
    const absl::Span<const Neighbour> others = all.subspan(later - all.begin());
    if (others.empty()) continue;
    const absl::Span<const PairSum> sums = counter.Count(item, others);
    const double demand = recent_.Of(item);
    for (size_t i = 0; i < others.size(); ++i) {
      const double weakest = std::min(demand, recent_.Of(others[i].item));
      const double strength = StrengthOf(shape_, Recency::PurchasesOf(sums[i].units),
                                         static_cast<double>(sums[i].count), weakest);
      pairs.push_back({item, others[i].item, others[i].count,
                       std::min(strength, MostOf(others[i].count, weakest))});
    }
  }
  return std::make_shared<const RatedPairs>(RatedPairs{min_count, PairStrengths(pairs)});
}

absl::StatusOr<RateTables::PairsPtr> RateTables::Common() const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (common_ == nullptr) {
    const int64_t min_count = mining::MinCount(scoring::kReferenceSupport, selection_.basket_count,
                                               scoring::kReferenceCount);
    absl::StatusOr<PairsPtr> counted = Count(min_count, {});
    if (!counted.ok()) return counted;
    common_ = *std::move(counted);
    bytes_ += common_->strengths.memory_bytes();
  }
  return common_;
}

absl::StatusOr<RateTables::PairsPtr> RateTables::Rarer(int64_t min_count) const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (rarer_ != nullptr && min_count >= rarer_->min_count) return rarer_;
  // Goes down to a power of two, so that ever lower counts have the pairs counted seldom.
  const auto lower = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(min_count)));
  for (const int64_t least : {lower, min_count}) {
    if (least <= refused_) continue;
    absl::StatusOr<PairsPtr> counted = Count(least, {});
    if (counted.ok()) {
      if (rarer_ != nullptr) bytes_ -= rarer_->strengths.memory_bytes();
      rarer_ = *std::move(counted);
      bytes_ += rarer_->strengths.memory_bytes();
      return rarer_;
    }
    refused_ = least;
  }
  return absl::ResourceExhaustedError("too many pairs were bought together");
}

}  // namespace clustr::bundle_model
