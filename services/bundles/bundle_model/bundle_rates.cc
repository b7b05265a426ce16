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

double BundleRates::Bound(absl::Span<const Item> items, int64_t count, double most_recent) const {
  double most = most_recent;
  int64_t most_baskets = INT64_MAX;
  for (const Item item : items) {
    most = std::min(most, tables_.recent().Of(item));
    most_baskets = std::min(most_baskets, snapshot_.live_count(item));
  }
  // No more baskets hold the bundle than its rarest product, so its share is not lower than this.
  const double share = ShareOf(count, most_baskets);
  return Bound(most) +
         (1 - kRounding) * model_.ChancePart({.chance = ChanceOf(items),
                                              .days = tables_.recent().recency().days(),
                                              .share = share});
}

double BundleRates::ShareOf(int64_t count, int64_t all) const {
  if (selection_.everything) return 1;
  return (static_cast<double>(count) + tables_.average()) /
         (static_cast<double>(all) + kShareBaskets);
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
  counted.evidence = EvidenceOf(items, Recency::PurchasesOf(units), all, counted.count);
  return counted;
}

BundleEvidence BundleRates::EvidenceOf(absl::Span<const Item> items, double recent, int64_t all,
                                       int64_t count) const {
  return {.recent = recent,
          .chance = ChanceOf(items),
          .days = tables_.recent().recency().days(),
          .share = ShareOf(count, all)};
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
