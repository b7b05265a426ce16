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

// The baskets that hold a product; 0 for an unknown one.
double LiveCount(const index::Snapshot& snapshot, Item item) {
  return item < snapshot.item_count() ? static_cast<double>(snapshot.live_count(item)) : 0;
}

}  // namespace

double BundleRates::Bound(double strength) const {
  return strength * per_strength_ * (1 + kRounding);
}

double BundleRates::Bound(absl::Span<const Item> items, int64_t count) const {
  const BundleEvidence products = ProductsOf(items);
  double all = static_cast<double>(snapshot_.basket_count());
  for (const Item item : items) all = std::min(all, LiveCount(snapshot_, item));
  if (selection_.everything) all = static_cast<double>(count);
  const double strength =
      std::min(StrengthOf(model_.shape, std::min(all, products.weakest), all, products.weakest),
               tables_.MostOf(count, products.weakest));
  // The share of a population is not known without reading baskets, and so neither is what chance
  // takes away.
  return Bound(strength) + (selection_.everything ? model_.ChancePart(products) : 0);
}

BundleEvidence BundleRates::ProductsOf(absl::Span<const Item> items) const {
  const RecentCounts& recent = tables_.recent();
  const auto all_baskets = static_cast<double>(snapshot_.basket_count());
  BundleEvidence evidence = {.chance = recent.baskets(),
                             .days = recent.recency().days(),
                             .all_chance = all_baskets,
                             .all_days = recent.recency().all_days(),
                             .weakest = recent.baskets()};
  for (const Item item : items) {
    if (all_baskets == 0) break;
    const double demand = recent.Of(item);
    evidence.chance *= demand / recent.baskets();
    evidence.all_chance *= LiveCount(snapshot_, item) / all_baskets;
    evidence.weakest = std::min(evidence.weakest, demand);
  }
  return evidence;
}

BundleRates::Counted BundleRates::Count(absl::Span<const Item> items) const {
  const Selection& everything = tables_.recent().everything();
  const Recency& recency = tables_.recent().recency();
  Counted counted = {.evidence = ProductsOf(items)};
  uint64_t units = 0;
  int64_t all = 0;
  index::ForEachBasket(snapshot_, everything, items, [&](Slot slot) {
    ++all;
    units += recency.UnitsOf(snapshot_.epoch_day(slot));
    counted.count += selection_.contains(slot);
  });
  BundleEvidence& evidence = counted.evidence;
  evidence.recent = Recency::PurchasesOf(units);
  evidence.all = static_cast<double>(all);
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
