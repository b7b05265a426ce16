#include "tests/services/bundles/scoring/bundle_brute_force.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string>

namespace clustr::scoring {

using index::ModelShop;
using index::Population;
using index::Product;

namespace {

// Chooses bundles greedily, best first, that share at most `max_overlap` of their products other
// than `ignored` with each earlier one.
std::vector<BruteForce::ScoredSet> WithoutOverlaps(const std::vector<BruteForce::ScoredSet>& found,
                                                   double max_overlap,
                                                   const ModelShop::SkuSet& ignored) {
  std::vector<BruteForce::ScoredSet> chosen;
  for (const auto& candidate : found) {
    const bool overlaps = std::any_of(chosen.begin(), chosen.end(), [&](const auto& earlier) {
      double size = 0;
      double common = 0;
      for (const int64_t sku : candidate.second) {
        if (ignored.contains(sku)) continue;
        ++size;
        common += static_cast<double>(earlier.second.count(sku));
      }
      return size > 0 && common / size > max_overlap;
    });
    if (!overlaps) chosen.push_back(candidate);
  }
  return chosen;
}

}  // namespace

BruteForce::BruteForce(const ModelShop& model, const Population& population)
    : model_(model), baskets_(model.Select(population)) {
  std::set<int64_t> skus;
  for (const auto& [id, basket] : baskets_) skus.insert(basket.begin(), basket.end());
  skus_.assign(skus.begin(), skus.end());
  for (int64_t a : skus_) {
    for (int64_t b : skus_) {
      const double count = Count({a, b});
      if (a >= b || count < 2 || count / n() < 0.001) continue;
      const std::vector<double> measures = Measures(a, b);
      for (size_t i = 0; i < measures.size(); ++i) {
        maxima_[i] = std::max(maxima_[i], measures[i]);
      }
    }
  }
}

double BruteForce::Score(const SkuSet& bundle) const {
  double sum = 0;
  int pairs = 0;
  for (int64_t a : bundle) {
    for (int64_t b : bundle) {
      if (a >= b) continue;
      sum += Strength(a, b);
      ++pairs;
    }
  }
  return 1 / (1 + std::exp(-5 * (sum / pairs - 0.5)));
}

std::vector<BruteForce::ScoredSet> BruteForce::Recommend(const BundleQuery& query,
                                                         const SkuSet& excluded,
                                                         const SkuSet& anchors) const {
  std::vector<ScoredSet> found;
  Search(query, excluded, anchors, 0, {}, found);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  if (query.max_overlap) {
    found = WithoutOverlaps(found, *query.max_overlap,
                            query.overlap_is_preference ? anchors : SkuSet());
  }
  if (found.size() > query.limit) found.resize(query.limit);
  return found;
}

std::vector<double> BruteForce::Measures(int64_t a, int64_t b) const {
  const double count_a = Count({a});
  const double count_b = Count({b});
  const double count = Count({a, b});
  if (count == 0) return std::vector<double>(5);
  return {count * n() / (count_a * count_b), std::min(count / count_a, count / count_b),
          count / n(), count / (count_a + count_b - count),
          count * (count_a + count_b) / (2 * count_a * count_b)};
}

double BruteForce::Strength(int64_t a, int64_t b) const {
  const std::vector<double> weights = {0.25, 0.25, 0.20, 0.15, 0.15};
  const std::vector<double> measures = Measures(a, b);
  double strength = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (maxima_[i] > 0) strength += weights[i] * std::min(measures[i] / maxima_[i], 1.0);
  }
  return strength;
}

void BruteForce::Search(const BundleQuery& query, const SkuSet& excluded, const SkuSet& anchors,
                        size_t from, const SkuSet& bundle, std::vector<ScoredSet>& found) const {
  if (Admits(query, excluded, anchors, bundle)) found.emplace_back(Score(bundle), bundle);
  if (bundle.size() == static_cast<size_t>(query.max_items)) return;
  for (size_t i = from; i < skus_.size(); ++i) {
    SkuSet larger = bundle;
    larger.insert(skus_[i]);
    if (Count(larger) > 0) Search(query, excluded, anchors, i + 1, larger, found);
  }
}

bool BruteForce::Admits(const BundleQuery& query, const SkuSet& excluded, const SkuSet& anchors,
                        const SkuSet& bundle) const {
  const double count = Count(bundle);
  if (bundle.size() < static_cast<size_t>(query.min_items) || count < query.min_count ||
      count / n() < query.min_support ||
      !std::includes(bundle.begin(), bundle.end(), anchors.begin(), anchors.end())) {
    return false;
  }
  int64_t price = 0;
  int64_t cost = 0;
  bool costs_known = true;
  double largest_single = 0;
  std::set<std::string> categories;
  const auto among = [](const std::vector<std::string>& list, const std::string& text) {
    return list.empty() || std::count(list.begin(), list.end(), text) > 0;
  };
  for (int64_t sku : bundle) {
    const auto it = model_.products.find(sku);
    if (it == model_.products.end() || excluded.contains(sku)) return false;
    const Product& product = it->second;
    if (query.products.in_stock_only && !product.in_stock) return false;
    if (!among(query.products.categories, product.category)) return false;
    if (!among(query.products.brands, product.brand)) return false;
    categories.insert(product.category);
    price += product.price_cents;
    cost += product.unit_cost_cents.value_or(0);
    costs_known = costs_known && product.unit_cost_cents;
    largest_single = std::max(largest_single, Count({sku}));
  }
  if (query.cross_category_only && categories.size() < bundle.size()) return false;
  if (count / largest_single < query.min_confidence) return false;
  if (query.min_total_price_cents && price < *query.min_total_price_cents) return false;
  if (query.max_total_price_cents && price > *query.max_total_price_cents) return false;
  if (!query.min_margin_ratio) return true;
  const double ratio = price == 0 ? 0 : static_cast<double>(price - cost) / price;
  return costs_known && ratio >= *query.min_margin_ratio;
}

}  // namespace clustr::scoring
