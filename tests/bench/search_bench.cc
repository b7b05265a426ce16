// Prints how much CPU searches for bundles take with random mixtures of bounds and populations,
// without gRPC, by heuristic-v0 and by a trained model, and each that takes more than SHOW_MS.
//   search_bench [BASKETS=1000000] [MEAN_ITEMS=10] [PRODUCTS=3600] [CALLS=1000] [THREADS=1]
//                [SHOW_MS=100]

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/bundles/bundle_model/rate_search.h"
#include "services/bundles/index/pairs/pair_tables.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/scoring/bundle_search.h"
#include "services/bundles/scoring/heuristic.h"
#include "tests/bench/bench_shop.h"

namespace clustr::bundle_model {
namespace {

using index::Population;
using index::Selection;
using index::Snapshot;
using scoring::BundleQuery;

constexpr int64_t kGroups = 500;

struct Options {
  int64_t calls;
  int threads;
  double show_ms;  // Searches that take longer are printed.
};

// Draws what a client may ask for. Each bound is set with odds of one in four.
class Mixtures {
 public:
  Mixtures(const Snapshot& shop, uint64_t seed) : shop_(shop), random_(seed) {}

  Population AnyPopulation() {
    Population population;
    if (!Quarter() && !Quarter()) return population;
    if (Half()) population.genders = {Half() ? "F" : "M"};
    if (Half()) population.channels = {Half() ? "web" : "store"};
    if (Quarter()) population.payment_types = {Half() ? "card" : "cash"};
    if (Quarter()) {
      population.min_age = static_cast<int32_t>(18 + random_() % 50);
      population.max_age = *population.min_age + 10;
    }
    if (Quarter()) population.start_day = static_cast<int32_t>(19'000 + random_() % 700);
    return population;
  }

  BundleQuery AnyQuery() {
    BundleQuery query;
    query.max_overlap = 0.4;
    query.overlap_is_preference = true;
    if (Quarter()) query.min_items = OneOf({2, 3, 4, 5});
    query.max_items = std::max(query.max_items, query.min_items);
    if (Quarter()) query.max_items = std::max(query.min_items, OneOf({2, 3, 4, 5}));
    if (Quarter()) query.min_support = OneOf({0.0, 0.00001, 0.0001, 0.0005, 0.002, 0.01});
    if (Quarter()) query.min_confidence = OneOf({0.0, 0.02, 0.2, 0.5, 1.0});
    if (Quarter()) query.min_count = OneOf<int64_t>({1, 2, 10, 100, 5'000});
    if (Quarter()) query.min_total_price_cents = OneOf<int64_t>({1, 2'000, 5'000, 9'000});
    if (Quarter()) query.max_total_price_cents = OneOf<int64_t>({300, 1'500, 4'000, 10'000});
    if (Quarter()) query.min_margin_ratio = OneOf({-1.0, 0.0, 0.3, 0.5, 0.9});
    if (Quarter()) query.products.in_stock_only = Half();
    if (Quarter()) query.cross_category_only = true;
    if (Quarter()) query.limit = OneOf<size_t>({1, 5, 100, 500});
    if (Quarter()) {
      const auto basket = shop_.items(static_cast<index::Slot>(random_() % shop_.slot_count()));
      query.anchors.assign(basket.begin(), basket.begin() + 1);
    }
    return query;
  }

 private:
  bool Half() { return random_() % 2 == 0; }
  bool Quarter() { return random_() % 4 == 0; }
  template <class T>
  T OneOf(std::initializer_list<T> values) {
    return *(values.begin() + random_() % values.size());
  }

  const Snapshot& shop_;
  std::mt19937_64 random_;
};

// Every third basket also has two to four products of a group that sells together.
std::shared_ptr<const Snapshot> MakeShop(index::ShopIndex* shop, int64_t baskets, int mean_items,
                                         int64_t products) {
  std::mt19937_64 random(2);
  index::PutCatalog(*shop, baskets, products);
  for (index::Basket& basket : index::MakeBaskets(baskets, mean_items, products)) {
    if (random() % 3 == 0) {
      const auto first = static_cast<int64_t>(random() % kGroups) * products / kGroups;
      for (int64_t i = 0; i < 4; ++i) {
        if (i < 2 || random() % 2 == 0) basket.product_skus.push_back(index::kFirstSku + first + i);
      }
    }
    shop->PutBasket(basket);
  }
  return shop->Publish();
}

// A search for bundles, with all that a server keeps between them.
using Search =
    absl::FunctionRef<absl::Status(const Selection& selection, const BundleQuery& query)>;

void Show(double milliseconds, const Selection& selection, const BundleQuery& query) {
  std::printf(
      "  %.0f ms: %lld baskets, %d to %d items, support %g, confidence %g, count %lld, "
      "price %lld to %lld, margin %g, cross %d, %zu anchors, limit %zu\n",
      milliseconds, static_cast<long long>(selection.basket_count), query.min_items,
      query.max_items, query.min_support, query.min_confidence,
      static_cast<long long>(query.min_count),
      static_cast<long long>(query.min_total_price_cents.value_or(0)),
      static_cast<long long>(query.max_total_price_cents.value_or(-1)),
      query.min_margin_ratio.value_or(-1), query.cross_category_only ? 1 : 0, query.anchors.size(),
      query.limit);
}

// Times are of the CPU, over all threads, so that other work on the machine does not count.
void Measure(const char* what, const Snapshot& shop, const Options& options, Search search) {
  Mixtures mixtures(shop, 1);
  std::vector<double> milliseconds;
  int64_t refused = 0;
  double sum = 0;
  for (int64_t call = 0; call < options.calls; ++call) {
    const Population population = mixtures.AnyPopulation();
    const BundleQuery query = mixtures.AnyQuery();
    const double start = index::CpuSeconds();
    const Selection selection = index::Select(shop, population);
    refused += search(selection, query).ok() ? 0 : 1;
    milliseconds.push_back(1e3 * (index::CpuSeconds() - start));
    sum += milliseconds.back();
    if (milliseconds.back() > options.show_ms) Show(milliseconds.back(), selection, query);
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto quantile = [&](double q) {
    return milliseconds[static_cast<size_t>(q * static_cast<double>(milliseconds.size() - 1))];
  };
  std::printf(
      "%-14s CPU: median %7.2f ms, p99 %8.2f ms, most %8.2f ms, mean %7.2f ms; refused "
      "%lld\n",
      what, quantile(0.5), quantile(0.99), quantile(1), sum / static_cast<double>(options.calls),
      static_cast<long long>(refused));
  std::fflush(stdout);
}

void Run(int64_t baskets, int mean_items, int64_t products, const Options& options) {
  const int threads = options.threads;
  index::ShopIndex shop_index;
  const auto shop = MakeShop(&shop_index, baskets, mean_items, products);
  const Selection all = index::Select(*shop, {});
  const auto tables = std::make_shared<index::PairTables>();
  const auto work = [&] { return scoring::PairWork{threads, tables.get()}; };
  index::Time("reference pairs of all baskets", [&] {
    index::PairTables cold;
    (void)scoring::ComputeReference(*shop, all, scoring::AlwaysWanted, {threads, &cold});
  });
  (void)scoring::ComputeReference(*shop, all, scoring::AlwaysWanted, work());
  Measure("heuristic-v0", *shop, options,
          [&](const Selection& selection, const BundleQuery& query) {
            const auto reference =
                scoring::ComputeReference(*shop, selection, scoring::AlwaysWanted, work());
            if (!reference.ok()) return reference.status();
            scoring::RarerPairs rarer([threads] { return threads; }, tables);
            return scoring::RecommendBundles(*shop, selection, *reference, &rarer, query).status();
          });
  const BundleModel model = {
      .horizon_days = 28,
      .shape = {.half_life_days = 90, .recent_power = 0.25, .demand_power = 0.5},
      .prior_days = 10};
  const auto recent = std::make_shared<const RecentShop>(shop, model.shape.half_life_days);
  Measure("trained model", *shop, options,
          [&](const Selection& selection, const BundleQuery& query) {
            const RateTables rates(*shop, selection, model.shape, recent, work);
            return RecommendByRate(*shop, selection, rates, model, query).status();
          });
}

}  // namespace
}  // namespace clustr::bundle_model

int main(int argc, char** argv) {
  const auto argument = [&](int i, int64_t otherwise) {
    return argc > i ? std::atoll(argv[i]) : otherwise;
  };
  clustr::bundle_model::Run(argument(1, 1'000'000), static_cast<int>(argument(2, 10)),
                            argument(3, 3'600),
                            {.calls = argument(4, 1'000),
                             .threads = static_cast<int>(argument(5, 1)),
                             .show_ms = static_cast<double>(argument(6, 100))});
}
