#include "services/bundles/bundle_model/bundle_rates.h"

#include <algorithm>
#include <vector>

#include "services/bundles/index/queries.h"

namespace clustr::bundle_model {
namespace {

using index::Selection;
using index::Slot;

// The order of operations may move the last bits of a bound.
constexpr double kRounding = 1e-9;

}  // namespace

double BundleRates::Bound(double most_recent) const {
  return model_.PurchasePart({.recent = most_recent, .days = tables_.recent().recency().days()}) *
         (1 + kRounding);
}

double BundleRates::Bound(absl::Span<const Item> items, int64_t count) const {
  double most = tables_.MostRecent(count);
  for (const Item item : items) most = std::min(most, tables_.recent().Of(item));
  // The share of a population is not known without reading baskets, and so neither is what chance
  // takes away.
  if (!selection_.everything) return Bound(most);
  return Bound(most) +
         model_.ChancePart({.chance = ChanceOf(items), .days = tables_.recent().recency().days()});
}

double BundleRates::ChanceOf(absl::Span<const Item> items) const {
  const double baskets = tables_.recent().baskets();
  double chance = baskets;
  for (const Item item : items) {
    if (baskets > 0) chance *= tables_.recent().Of(item) / baskets;
  }
  return chance;
}

BundleRates::Counted BundleRates::Count(absl::Span<const Item> items) const {
  const Selection& everything = tables_.recent().everything();
  const Recency& recency = tables_.recent().recency();
  Counted counted;
  uint64_t units = 0;
  int64_t all = 0;
  index::ForEachBasket(snapshot_, everything, items, [&](Slot slot) {
    ++all;
    units += recency.UnitsOf(snapshot_.epoch_day(slot));
    counted.count += selection_.contains(slot);
  });
  BundleEvidence& evidence = counted.evidence;
  evidence.recent = Recency::PurchasesOf(units);
  evidence.days = recency.days();
  evidence.chance = ChanceOf(items);
  if (!selection_.everything) {
    evidence.share = (static_cast<double>(counted.count) + tables_.average()) /
                     (static_cast<double>(all) + kShareBaskets);
  }
  return counted;
}

scoring::ScoredBundle BundleRates::Score(absl::Span<const Item> items) const {
  const Counted counted = Count(items);
  std::vector<int64_t> singles;
  for (const Item item : items) singles.push_back(index::Count(snapshot_, selection_, {item}));
  scoring::ScoredBundle scored = scoring::DescribeBundle(
      snapshot_, {items.begin(), items.end()}, model_.Score(counted.evidence), counted.count,
      singles, selection_.basket_count);
  scored.probability = model_.Probability(counted.evidence);
  scored.rests_on_all_baskets =
      !selection_.everything && selection_.basket_count < kMinPopulationBaskets;
  return scored;
}

}  // namespace clustr::bundle_model
