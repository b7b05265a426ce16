#include "services/bundles/bundle_model/bundle_rates.h"

#include <algorithm>

#include "services/bundles/index/queries.h"

namespace clustr::bundle_model {
namespace {

using index::Selection;
using index::Slot;
using index::Snapshot;

// The days of the oldest and the newest basket; any day if there is no basket.
Recency RecencyOf(const Snapshot& snapshot, double half_life_days) {
  int32_t first = INT32_MAX;
  int32_t newest = INT32_MIN;
  for (Slot slot = 0; slot < snapshot.slot_count(); ++slot) {
    if (!snapshot.alive(slot)) continue;
    first = std::min(first, snapshot.epoch_day(slot));
    newest = std::max(newest, snapshot.epoch_day(slot));
  }
  if (first > newest) first = newest = 0;
  return Recency(first, newest, half_life_days);
}

double RecentBaskets(const Snapshot& snapshot, const Recency& recency) {
  uint64_t units = 0;
  for (Slot slot = 0; slot < snapshot.slot_count(); ++slot) {
    if (snapshot.alive(slot)) units += recency.UnitsOf(snapshot.epoch_day(slot));
  }
  return Recency::PurchasesOf(units);
}

}  // namespace

BundleRates::BundleRates(const Snapshot& snapshot, const Selection& selection,
                         const BundleModel& model)
    : snapshot_(snapshot),
      selection_(selection),
      model_(model),
      everything_(selection.everything ? Selection() : index::Select(snapshot, {})),
      recency_(RecencyOf(snapshot, model.half_life_days)),
      recent_baskets_(RecentBaskets(snapshot, recency_)),
      average_(snapshot.basket_count() == 0
                   ? 0
                   : kShareBaskets * static_cast<double>(selection.basket_count) /
                         static_cast<double>(snapshot.basket_count())) {}

double BundleRates::Bound(int64_t count) const {
  // The recency counts no purchase more than once. Of a population, the share of n purchases is
  // n / (n + k) of its own count and average together, and that fraction is below 1.
  const double most = static_cast<double>(count) + (selection_.everything ? 0 : average_);
  return model_.PurchasePart({.recent = most, .days = recency_.days()});
}

BundleRates::Single BundleRates::CountSingle(Item item) {
  const auto [it, is_new] = singles_.try_emplace(item);
  if (!is_new) return it->second;
  uint64_t units = 0;
  int64_t count = 0;
  index::ForEachBasket(snapshot_, selection_.everything ? selection_ : everything_, {item},
                       [&](Slot slot) {
                         units += recency_.UnitsOf(snapshot_.epoch_day(slot));
                         count += selection_.contains(slot);
                       });
  it->second = {count, Recency::PurchasesOf(units)};
  return it->second;
}

BundleRates::Counted BundleRates::Count(absl::Span<const Item> items) {
  Counted counted;
  uint64_t units = 0;
  int64_t all = 0;
  index::ForEachBasket(snapshot_, selection_.everything ? selection_ : everything_, items,
                       [&](Slot slot) {
                         ++all;
                         units += recency_.UnitsOf(snapshot_.epoch_day(slot));
                         counted.count += selection_.contains(slot);
                       });
  BundleEvidence& evidence = counted.evidence;
  evidence.recent = Recency::PurchasesOf(units);
  evidence.days = recency_.days();
  evidence.chance = recent_baskets_;
  for (const Item item : items) {
    if (recent_baskets_ > 0) evidence.chance *= CountSingle(item).recent / recent_baskets_;
  }
  if (!selection_.everything) {
    evidence.share = (static_cast<double>(counted.count) + average_) /
                     (static_cast<double>(all) + kShareBaskets);
  }
  return counted;
}

scoring::ScoredBundle BundleRates::Score(absl::Span<const Item> items) {
  const Counted counted = Count(items);
  std::vector<int64_t> singles;
  for (const Item item : items) singles.push_back(CountSingle(item).count);
  scoring::ScoredBundle scored = scoring::DescribeBundle(
      snapshot_, {items.begin(), items.end()}, model_.Score(counted.evidence), counted.count,
      singles, selection_.basket_count);
  scored.probability = model_.Probability(counted.evidence);
  scored.rests_on_all_baskets =
      !selection_.everything && selection_.basket_count < kMinPopulationBaskets;
  return scored;
}

}  // namespace clustr::bundle_model
