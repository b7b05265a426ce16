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

double BundleRates::Bound(absl::Span<const Item> items, int64_t count, double strength) const {
  BundleEvidence products = ProductsOf(items);
  // No more baskets hold the bundle than its rarest product.
  auto all = static_cast<double>(snapshot_.basket_count());
  for (const Item item : items) all = std::min(all, LiveCount(snapshot_, item));
  if (selection_.everything) all = static_cast<double>(count);
  const double most =
      std::min({strength, tables_.MostOf(count, products.weakest),
                StrengthOf(model_.shape, std::min(all, products.weakest), all, products.weakest)});
  // The share of the bundle is not lower than with all these baskets.
  products.share = ShareOf(count, all);
  return Bound(most) + (1 - kRounding) * model_.ChancePart(products);
}

double BundleRates::ShareOf(int64_t count, double all) const {
  if (selection_.everything) return 1;
  return (static_cast<double>(count) + tables_.average()) / (all + kShareBaskets);
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
  Counted counted;
  uint64_t units = 0;
  int64_t all = 0;
  index::ForEachBasket(snapshot_, everything, items, [&](Slot slot) {
    ++all;
    units += recency.UnitsOf(snapshot_.epoch_day(slot));
    counted.count += selection_.contains(slot);
  });
  counted.evidence = EvidenceOf(items, Recency::PurchasesOf(units), all, counted.count);
  return counted;
}

BundleEvidence BundleRates::EvidenceOf(absl::Span<const Item> items, double recent, int64_t all,
                                       int64_t count) const {
  BundleEvidence evidence = ProductsOf(items);
  evidence.recent = recent;
  evidence.all = static_cast<double>(all);
  evidence.share = ShareOf(count, evidence.all);
  return evidence;
}

scoring::ScoredBundle BundleRates::Score(absl::Span<const Item> items) const {
  const Counted counted = Count(items);
  std::vector<int64_t> singles;
  for (const Item item : items) singles.push_back(index::Count(snapshot_, selection_, {item}));
  return Describe(items, counted.evidence, counted.count, singles);
}

scoring::ScoredBundle BundleRates::Describe(absl::Span<const Item> items,
                                            const BundleEvidence& evidence, int64_t count,
                                            absl::Span<const int64_t> singles) const {
  scoring::ScoredBundle scored =
      scoring::DescribeBundle(snapshot_, {items.begin(), items.end()}, model_.Score(evidence),
                              count, singles, selection_.basket_count);
  scored.probability = model_.Probability(evidence);
  scored.rests_on_all_baskets =
      !selection_.everything && selection_.basket_count < kMinPopulationBaskets;
  return scored;
}

}  // namespace clustr::bundle_model
