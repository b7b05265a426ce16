#include "services/bundles/training/bundles/bundle_cases.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <optional>

#include "services/bundles/bundle_model/recency.h"
#include "services/bundles/mining/itemsets.h"

namespace clustr::training {
namespace {

using bundle_model::BundleEvidence;
using bundle_model::Recency;

constexpr size_t kCasesPerCheck = 1'024;
// A larger basket says little about any pair and would cost the most (see ProductSets).
constexpr size_t kMaxBasket = 1'000;

// For each product, the baskets that hold it, ascending.
class Postings {
 public:
  Postings(const Purchases& purchases, size_t end)
      : purchases_(purchases), begins_(purchases.skus.size() + 1) {
    const uint64_t lines = purchases.begins[end];
    for (uint64_t i = 0; i < lines; ++i) ++begins_[purchases.products[i] + 1];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    baskets_.resize(lines);
    std::vector<uint64_t> next(begins_.begin(), begins_.end() - 1);
    for (size_t basket = 0; basket < end; ++basket) {
      for (const ProductNumber product : purchases.basket(basket)) {
        baskets_[next[product]++] = static_cast<uint32_t>(basket);
      }
    }
  }

  // Calls `visit` for each basket that holds all of `items`, ascending.
  template <class Visit>
  void ForEach(absl::Span<const ProductNumber> items, Visit visit) const {
    const ProductNumber rarest = *std::min_element(
        items.begin(), items.end(),
        [&](ProductNumber a, ProductNumber b) { return CountOf(a) < CountOf(b); });
    for (uint64_t i = begins_[rarest]; i < begins_[rarest + 1]; ++i) {
      const auto basket = purchases_.basket(baskets_[i]);
      const bool holds = std::all_of(items.begin(), items.end(), [&](ProductNumber item) {
        return item == rarest || std::binary_search(basket.begin(), basket.end(), item);
      });
      if (holds) visit(baskets_[i]);
    }
  }

 private:
  uint64_t CountOf(ProductNumber product) const { return begins_[product + 1] - begins_[product]; }

  const Purchases& purchases_;
  std::vector<uint64_t> begins_;
  std::vector<uint32_t> baskets_;
};

// Appends the itemsets of `size` products that the first `end` baskets hold most often.
absl::Status MineCases(const Purchases& purchases, size_t end, int size, int64_t max_cases,
                       const Wanted& wanted, std::vector<BundleCase>* cases) {
  if (absl::Status status = wanted(); !status.ok()) return status;
  std::vector<uint32_t> chosen;
  for (size_t basket = 0; basket < end; ++basket) {
    const size_t items = purchases.basket(basket).size();
    if (items >= 2 && items <= kMaxBasket) chosen.push_back(static_cast<uint32_t>(basket));
  }
  if (chosen.empty()) return absl::OkStatus();
  const mining::BasketView view = {
      .items = absl::MakeConstSpan(purchases.products).subspan(0, purchases.begins[end]),
      .offsets = absl::MakeConstSpan(purchases.begins).subspan(0, end + 1),
      .chosen = chosen};
  mining::ItemsetQuery query = {
      .min_count = 2, .min_size = size, .max_size = size, .max_itemsets = max_cases};
  const std::optional<int64_t> min_count = mining::MinFittingCount(view, query);
  if (!min_count) return absl::OkStatus();
  query.min_count = *min_count;
  const size_t before = cases->size();
  const absl::Status mined =
      mining::MineItemsets(view, query, [&](absl::Span<const mining::Item> items, int64_t count) {
        BundleCase& one = cases->emplace_back();
        one.size = static_cast<uint32_t>(size);
        one.count = static_cast<uint32_t>(count);
        std::copy(items.begin(), items.end(), one.products.begin());
        std::sort(one.products.begin(), one.products.begin() + size);
      });
  std::sort(cases->begin() + static_cast<ptrdiff_t>(before), cases->end(),
            [](const BundleCase& a, const BundleCase& b) { return a.products < b.products; });
  return mined;
}

// Fills in what the baskets before the period say about products and baskets.
void CountBefore(const Purchases& purchases, size_t begin, absl::Span<const Recency> recencies,
                 BundleCases* found) {
  found->basket_count = begin;
  found->single_counts.assign(purchases.skus.size(), 0);
  for (size_t h = 0; h < kHalfLives.size(); ++h) {
    uint64_t baskets = 0;
    std::vector<uint64_t> singles(purchases.skus.size());
    for (size_t i = 0; i < begin; ++i) {
      const uint64_t units = recencies[h].UnitsOf(purchases.days[i]);
      baskets += units;
      for (const ProductNumber product : purchases.basket(i)) singles[product] += units;
    }
    found->days[h] = recencies[h].days();
    found->recent_baskets[h] = Recency::PurchasesOf(baskets);
    for (const uint64_t units : singles) {
      found->recent_singles[h].push_back(Recency::PurchasesOf(units));
    }
  }
  for (size_t i = 0; i < begin; ++i) {
    for (const ProductNumber product : purchases.basket(i)) ++found->single_counts[product];
  }
}

}  // namespace

BundleEvidence BundleCases::EvidenceOf(const BundleCase& one, size_t half_life) const {
  BundleEvidence evidence = {.recent = one.recent[half_life],
                             .chance = recent_baskets[half_life],
                             .days = days[half_life],
                             .all = one.recent[kNoHalfLife],
                             .all_chance = recent_baskets[kNoHalfLife],
                             .all_days = days[kNoHalfLife],
                             .weakest = recent_baskets[half_life]};
  for (const ProductNumber product : one.items()) {
    const double demand = recent_singles[half_life][product];
    evidence.chance *= demand / recent_baskets[half_life];
    evidence.all_chance *= recent_singles[kNoHalfLife][product] / recent_baskets[kNoHalfLife];
    evidence.weakest = std::min(evidence.weakest, demand);
  }
  return evidence;
}

absl::StatusOr<BundleCases> FindBundleCases(const Purchases& purchases, size_t begin, size_t end,
                                            int32_t period_days, const BundleLimits& limits,
                                            const Wanted& wanted) {
  BundleCases found;
  found.period_days = period_days;
  if (begin == 0) return found;
  std::vector<Recency> recencies;
  for (const double half_life : kHalfLives) {
    recencies.emplace_back(purchases.days.front(), purchases.days[begin - 1], half_life);
  }
  CountBefore(purchases, begin, recencies, &found);
  for (auto& singles : found.later_singles) singles.assign(purchases.skus.size(), 0);
  for (size_t i = begin; i < end; ++i) {
    ++found.later_baskets[i % kParts];
    for (const ProductNumber product : purchases.basket(i))
      ++found.later_singles[i % kParts][product];
  }

  absl::Status mined = MineCases(purchases, begin, 2, limits.max_pairs, wanted, &found.cases);
  if (!mined.ok()) return mined;
  found.pair_count = found.cases.size();
  mined = MineCases(purchases, begin, 3, limits.max_triples, wanted, &found.cases);
  if (!mined.ok()) return mined;

  const Postings postings(purchases, end);
  for (size_t i = 0; i < found.cases.size(); ++i) {
    if (i % kCasesPerCheck == 0) {
      if (absl::Status status = wanted(); !status.ok()) return status;
    }
    BundleCase& one = found.cases[i];
    one.count = 0;
    one.later = {};
    std::array<uint64_t, kHalfLives.size()> units = {};
    postings.ForEach(one.items(), [&](uint32_t basket) {
      if (basket >= begin) {
        ++one.later[basket % kParts];
        return;
      }
      ++one.count;
      for (size_t h = 0; h < units.size(); ++h) {
        units[h] += recencies[h].UnitsOf(purchases.days[basket]);
      }
    });
    for (size_t h = 0; h < units.size(); ++h) one.recent[h] = Recency::PurchasesOf(units[h]);
  }
  return found;
}

}  // namespace clustr::training
