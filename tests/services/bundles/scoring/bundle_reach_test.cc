#include "services/bundles/scoring/walk/bundle_reach.h"

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/scoring/scored_bundle.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::scoring {
namespace {

constexpr Item kProducts = 9;

// One basket of nine products with random prices and costs, and random strengths of their pairs.
class RandomGraph {
 public:
  explicit RandomGraph(uint64_t seed) : random(seed) {
    index::Basket basket{1, 1, 0, "", "", {}};
    for (int64_t sku = 1; sku <= kProducts; ++sku) {
      index::Product product;
      product.price_cents = Number(0, 900);
      product.unit_cost_cents = Number(0, 900);
      shop_index_.PutProduct(sku, product);
      basket.product_skus.push_back(sku);
    }
    shop_index_.PutBasket(basket);
    shop = shop_index_.Publish();
    for (auto& row : strengths) {
      for (double& strength : row) strength = static_cast<double>(Number(0, 1000)) / 1000;
    }
  }

  int64_t Number(int64_t from, int64_t to) {
    return from + static_cast<int64_t>(random() % static_cast<uint64_t>(to - from + 1));
  }
  double Strength(Item a, Item b) const { return strengths[std::min(a, b)][std::max(a, b)]; }
  double Inside(const std::vector<Item>& items) const {
    double sum = 0;
    for (size_t i = 0; i < items.size(); ++i) {
      for (size_t j = i + 1; j < items.size(); ++j) sum += Strength(items[i], items[j]);
    }
    return sum;
  }

  std::mt19937_64 random;
  std::shared_ptr<const index::Snapshot> shop;
  double strengths[kProducts][kProducts];

 private:
  index::ShopIndex shop_index_;
};

// The bundle is the first `held` products; the others are candidates.
void ExpectBounds(RandomGraph& graph, size_t held, const ReachLimits& limits,
                  const BundleQuery& query) {
  const index::Selection all = index::Select(*graph.shop, {});
  const BundleSpace space(*graph.shop, all, query, index::CountItems(*graph.shop, all));
  BundleSums sums = {.size = held};
  std::vector<Item> bundle;
  for (Item item = 0; item < held; ++item) {
    bundle.push_back(item);
    sums.price_cents += space.product(item).price_cents;
    sums.gain += space.product(item).gain;
  }
  sums.inside = graph.Inside(bundle);
  std::vector<BundleCandidate> candidates;
  for (Item item = static_cast<Item>(held); item < kProducts; ++item) {
    BundleCandidate candidate = {item, 1, 0, 0};
    for (const Item other : bundle) candidate.pull += graph.Strength(item, other);
    for (Item other = static_cast<Item>(held); other < kProducts; ++other) {
      if (other == item) continue;
      candidate.strongest = std::max(candidate.strongest, graph.Strength(item, other));
    }
    candidates.push_back(candidate);
  }
  BundleReach reach;
  reach.Fill(sums, candidates, space, limits);
  for (uint32_t mask = 1; mask < 1u << candidates.size(); ++mask) {
    std::vector<Item> items = bundle;
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (mask >> i & 1) items.push_back(candidates[i].item);
    }
    if (items.size() < limits.min_items || items.size() > limits.max_items) continue;
    if (!space.MeetsSumBounds(items)) continue;
    const auto pairs = static_cast<double>(items.size() * (items.size() - 1)) / 2;
    const double mean = graph.Inside(items) / pairs;
    const auto first = static_cast<size_t>(__builtin_ctz(mask));
    EXPECT_GE(reach.With(first) + 1e-9, mean);
    if (items.size() > held + 1) EXPECT_GE(reach.Beyond(first) + 1e-9, mean);
    for (size_t i = 0; i <= first; ++i) EXPECT_GE(reach.From(i) + 1e-9, mean);
  }
}

TEST(BundleReachTest, NoLargerBundleIsBeyondIt) {
  ForEachSeed(300, [](uint64_t seed) {
    RandomGraph graph(seed);
    BundleQuery query;
    query.min_count = 1;
    query.min_support = 0;
    if (seed % 2 == 0) query.min_total_price_cents = graph.Number(0, 3'000);
    if (seed % 3 == 0) query.max_total_price_cents = graph.Number(0, 3'000);
    if (seed % 5 == 0) query.min_margin_ratio = 0.1 * static_cast<double>(graph.Number(-20, 9));
    const auto least = static_cast<size_t>(graph.Number(2, 5));
    const auto most = static_cast<size_t>(graph.Number(static_cast<int64_t>(least), 5));
    for (size_t held = 1; held < most; ++held) ExpectBounds(graph, held, {least, most}, query);
  });
}

TEST(BundleReachTest, IsNegativeWhereNoSumMeetsTheBounds) {
  RandomGraph graph(1);
  const index::Selection all = index::Select(*graph.shop, {});
  BundleQuery query;
  query.min_count = 1;
  query.min_total_price_cents = 100'000;
  const BundleSpace space(*graph.shop, all, query, index::CountItems(*graph.shop, all));
  BundleReach reach;
  reach.Fill({.size = 2}, {{3, 1, 0.5, 1}, {4, 1, 0.5, 1}}, space, {2, 5});
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_LT(reach.With(i), 0);
    EXPECT_LT(reach.From(i), 0);
    EXPECT_LT(reach.Beyond(i), 0);
  }
}

}  // namespace
}  // namespace clustr::scoring
