#include "services/bundles/training/data/product_totals.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "services/bundles/products/product_scorer.h"

namespace clustr::training {

ProductTotals CountProducts(const Purchases& purchases, size_t end, int32_t day) {
  ProductTotals totals;
  totals.counts.resize(purchases.skus.size());
  std::vector<double> recent(purchases.skus.size());
  for (size_t i = 0; i < end; ++i) {
    const double weight = products::DecayOf(day - purchases.days[i], kRecentHalfLifeDays);
    for (const ProductNumber product : purchases.basket(i)) {
      ++totals.counts[product];
      recent[product] += weight;
    }
  }
  totals.recent.assign(recent.begin(), recent.end());
  return totals;
}

std::vector<products::ProductTimes> TimesOfProducts(const Purchases& purchases, size_t end,
                                                    int32_t day) {
  const int32_t oldest = end == 0 ? 0 : std::max(0, day - purchases.days[0]);
  std::vector<products::ProductTimes> times(purchases.skus.size(), {oldest, oldest});
  std::vector<bool> sold(times.size());
  for (size_t i = 0; i < end; ++i) {
    const int32_t age = std::max(0, day - purchases.days[i]);
    for (const ProductNumber product : purchases.basket(i)) {
      if (!sold[product]) times[product].first_days = age;
      sold[product] = true;
      times[product].last_days = age;
    }
  }
  return times;
}

std::vector<float> AgainOfProducts(const Purchases& purchases, const CustomerHistories& histories,
                                   uint32_t guest_baskets) {
  std::vector<uint64_t> later(purchases.skus.size());  // The baskets n of the header.
  std::vector<uint64_t> again(purchases.skus.size());  // The baskets a.
  std::vector<std::pair<ProductNumber, uint32_t>> lines;
  for (uint32_t customer = 0; customer < purchases.customer_count; ++customer) {
    if (histories.IsGuest(customer, guest_baskets)) continue;
    const absl::Span<const uint32_t> baskets = histories.Baskets(customer);
    lines.clear();
    for (uint32_t place = 0; place < baskets.size(); ++place) {
      for (const ProductNumber product : purchases.basket(baskets[place])) {
        lines.emplace_back(product, place);
      }
    }
    std::sort(lines.begin(), lines.end());
    for (size_t i = 0; i < lines.size(); ++i) {
      const auto [product, place] = lines[i];
      if (i > 0 && lines[i - 1].first == product) {
        ++again[product];
      } else {
        later[product] += baskets.size() - 1 - place;
      }
    }
  }
  const auto sum = [](const std::vector<uint64_t>& counts) {
    return static_cast<double>(std::accumulate(counts.begin(), counts.end(), uint64_t{0}));
  };
  const double drawn = kAgainBaskets * (sum(again) + 1) / (sum(later) + 2);
  std::vector<float> probabilities;
  for (size_t i = 0; i < later.size(); ++i) {
    probabilities.push_back(static_cast<float>((static_cast<double>(again[i]) + drawn) /
                                               (static_cast<double>(later[i]) + kAgainBaskets)));
  }
  return probabilities;
}

}  // namespace clustr::training
