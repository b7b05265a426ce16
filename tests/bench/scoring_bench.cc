// Prints how long heuristic-v0 takes to recommend bundles and products in a shop of a given size.
//   scoring_bench [BASKETS=1000000] [MEAN_ITEMS=10] [PRODUCTS=3600]

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "services/bundles/index/co_counts.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/scoring/bundle_scorer.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/heuristic.h"
#include "services/bundles/scoring/intents/sequels.h"
#include "services/bundles/scoring/intents/substitutes.h"
#include "services/bundles/scoring/intents/trends.h"
#include "services/bundles/scoring/product_search.h"
#include "tests/bench/bench_shop.h"

namespace clustr::scoring {
namespace {

using index::Time;

// Times the searches for bundles.
void TimeBundles(const index::Snapshot& shop, const index::Selection& all) {
  ReferencePairs reference;
  Time("ComputeReference, everything", [&] { reference = ComputeReference(shop, all).value(); });
  std::printf("  %zu reference pairs\n", reference.strengths.size());
  RarerPairs rarer;
  Time("RarerPairs, everything, in 2 baskets", [&] {
    RarerPairs cold;
    const auto pairs = cold.Get(shop, all, reference.maxima, {.min_count = 2});
    std::printf("  %zu pairs\n", (*pairs)->size());
  });
  size_t found = 0;
  BundleQuery bundles;
  Time("RecommendBundles, everything, defaults",
       [&] { found = RecommendBundles(shop, all, reference, &rarer, bundles)->size(); });
  BundleQuery scarce = bundles;
  scarce.max_total_price_cents = 250;
  scarce.limit = 500;
  const auto count = [&] {
    StepBudget steps(INT64_MAX, AlwaysWanted);
    CountingBudget budget = {&steps};
    found = *CountBundles(shop, all, reference, &rarer, scarce, &budget);
  };
  Time("CountBundles, everything, too cheap", count);
  std::printf("  %zu found\n", found);
  scarce.min_support = 0;
  Time("CountBundles, the same without min_support", count);
  std::printf("  %zu found\n", found);
  bundles.max_overlap = 0.4;
  Time("RecommendBundles, everything, a page without near-duplicates",
       [&] { found = RecommendBundles(shop, all, reference, &rarer, bundles)->size(); });
  bundles.max_overlap = 0;
  Time("RecommendBundles, everything, disjoint",
       [&] { found = RecommendBundles(shop, all, reference, &rarer, bundles)->size(); });
  bundles.max_overlap.reset();
  std::vector<std::vector<Item>> brought;
  for (Item item = 0; item < 1'000; ++item) {
    brought.push_back({item, item + 1, item + 2, item + 3, item + 4});
  }
  Time("BundleScorer, 1000 bundles of 5", [&] {
    BundleScorer scorer(shop, all, reference);
    for (const std::vector<Item>& bundle : brought) found += scorer.Score(bundle).count;
  });
  bundles.anchors = {3, 4};
  bundles.min_support = 0.00005;
  bundles.min_confidence = 0;
  Time("RecommendBundles, two anchors, 20 times rarer",
       [&] { found = RecommendBundles(shop, all, reference, &rarer, bundles)->size(); });
  std::printf("  %zu found\n", found);
}

// Times the searches for products among all baskets and among `some`. Returns a checksum.
size_t TimeProducts(const index::Snapshot& shop, const index::Selection& all,
                    const index::Selection& some) {
  const std::vector<uint32_t> counts_of_some = CountItems(shop, some);
  size_t found = 0;
  ProductQuery query;
  for (Item item = 0; query.basket.size() < 8; item += 37) query.basket.push_back(item);
  Time("RecommendProducts, everything, 8 items, cold", [&] {
    index::CoCounts co_counts;
    found = RecommendProducts(shop, all, {}, query, co_counts).size();
  });
  index::CoCounts co_counts;
  found = RecommendProducts(shop, all, {}, query, co_counts).size();
  constexpr int kCalls = 1'000;
  Time("RecommendProducts, everything, 8 items, x 1000", [&] {
    for (int i = 0; i < kCalls; ++i) {
      found += RecommendProducts(shop, all, {}, query, co_counts).size();
    }
  });
  Time("RecommendProducts, a quarter, 8 items",
       [&] { found += RecommendProducts(shop, some, counts_of_some, query, co_counts).size(); });
  return found;
}

// Times the intents that no model scores, for one of the products that sell most. Returns a
// checksum.
size_t TimeIntents(const index::Snapshot& shop, const index::Selection& all) {
  size_t found = 0;
  ProductQuery query;
  query.basket = {3};
  const ProductOffers offers(shop, query);
  Time("Trends, 28 recent days",
       [&] { found += Trends(shop, all, 28, INT32_MAX).Best(offers, 10).size(); });
  index::CoCounts co_counts;
  for (const char* name : {"Substitutes, cold", "Substitutes, with their co-counts kept"}) {
    Time(name, [&] { found += Substitutes(shop, all, {}, 3, co_counts).Best(offers, 10).size(); });
  }
  Time("Sequels, within 30 days",
       [&] { found += Sequels(shop, all, 3, 30).Best(offers, 10).size(); });
  return found;
}

void Run(int64_t basket_count, int mean_items, int64_t products) {
  index::ShopIndex shop_index;
  index::PutCatalog(shop_index, basket_count, products);
  for (const index::Basket& basket : index::MakeBaskets(basket_count, mean_items, products)) {
    shop_index.PutBasket(basket);
  }
  const std::shared_ptr<const index::Snapshot> shop = shop_index.Publish();
  const index::Selection all = Select(*shop, {});
  index::Population population;
  population.genders = {"F"};
  population.channels = {"web"};
  const index::Selection some = Select(*shop, population);
  TimeBundles(*shop, all);
  std::printf("checksum %zu\n", TimeProducts(*shop, all, some) + TimeIntents(*shop, all));
}

}  // namespace
}  // namespace clustr::scoring

int main(int argc, char** argv) {
  const auto argument = [&](int i, int64_t otherwise) {
    return argc > i ? std::atoll(argv[i]) : otherwise;
  };
  clustr::scoring::Run(argument(1, 1'000'000), static_cast<int>(argument(2, 10)),
                       argument(3, 3'600));
}
