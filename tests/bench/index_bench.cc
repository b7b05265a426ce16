// Prints how fast a shop of the given size loads, the memory per line, and how long queries take.
//   index_bench [BASKETS=1000000] [MEAN_ITEMS=10] [PRODUCTS=3600]

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "services/bundles/index/co_counts.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/shop_index.h"
#include "tests/bench/bench_shop.h"

namespace clustr::index {
namespace {

size_t AllocatedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

void Run(int64_t basket_count, int mean_items, int64_t products) {
  const std::vector<Basket> baskets = MakeBaskets(basket_count, mean_items, products);
  const size_t allocated_before = AllocatedBytes();
  ShopIndex index;
  PutCatalog(index, basket_count, products);
  const double start = NowSeconds();
  for (const Basket& basket : baskets) index.PutBasket(basket);
  const double seconds = NowSeconds() - start;
  std::shared_ptr<const Snapshot> snapshot = index.Publish();
  int64_t lines = 0;
  for (Item item = 0; item < snapshot->item_count(); ++item) lines += snapshot->live_count(item);
  std::printf("%lld baskets, %lld lines: %.2f M lines/s, %.1f bytes a line, %.1f reserved\n",
              static_cast<long long>(basket_count), static_cast<long long>(lines),
              lines / seconds / 1e6, static_cast<double>(index.memory_bytes()) / lines,
              static_cast<double>(AllocatedBytes() - allocated_before) / lines);

  Selection all;
  Time("Select everything", [&] { all = Select(*snapshot, {}); });
  Population population;
  population.start_day = 19'100;
  population.end_day = 19'600;
  Selection some;
  Time("Select by days", [&] { some = Select(*snapshot, population); });
  population.genders = {"F"};
  population.min_age = 20;
  population.max_age = 60;
  population.channels = {"web"};
  Time("Select by gender, age, channel, days", [&] { some = Select(*snapshot, population); });
  std::printf("  of which %lld baskets\n", static_cast<long long>(some.basket_count));
  int64_t checksum = 0;
  Time("Count 2 frequent items, everything", [&] { checksum += Count(*snapshot, all, {0, 1}); });
  Time("Count 3 frequent items, some", [&] { checksum += Count(*snapshot, some, {0, 1, 2}); });
  Time("Count 2 middling items, everything", [&] {
    checksum += Count(*snapshot, all, {1000, 1001});
  });
  Time("CountItems, some", [&] { checksum += CountItems(*snapshot, some)[0]; });
  ProjectionQuery at_least_twice;
  at_least_twice.min_count = 2;
  Time("Project everything",
       [&] { checksum += Project(*snapshot, all, at_least_twice).basket_count; });
  Time("Project some", [&] { checksum += Project(*snapshot, some, at_least_twice).basket_count; });
  Time("CoCounts row built, most frequent item", [&] {
    CoCounts co_counts;
    checksum += co_counts.Get(*snapshot, 0)->items.size();
  });
  CoCounts co_counts;
  co_counts.Get(*snapshot, 0);
  int64_t next_id = basket_count;
  Time("Put one basket and Publish", [&] {
    index.PutBasket({++next_id, 1, 19'900, "web", "card", {100'000, 100'001, 100'002}});
    snapshot = index.Publish();
  });
  Time("CoCounts row brought forward by one basket", [&] {
    index.PutBasket({++next_id, 1, 19'900, "web", "card", {100'000, 100'001, 100'002}});
    snapshot = index.Publish();
    checksum += co_counts.Get(*snapshot, 0)->items.size();
  });
  std::printf("checksum %lld\n", static_cast<long long>(checksum));
}

}  // namespace
}  // namespace clustr::index

int main(int argc, char** argv) {
  const auto argument = [&](int i, int64_t otherwise) {
    return argc > i ? std::atoll(argv[i]) : otherwise;
  };
  clustr::index::Run(argument(1, 1'000'000), static_cast<int>(argument(2, 10)), argument(3, 3'600));
}
