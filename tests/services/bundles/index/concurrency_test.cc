#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "gtest/gtest.h"
#include "services/bundles/index/co_counts.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/selection.h"
#include "services/bundles/index/shop_index.h"
#include "tests/services/bundles/index/model_shop.h"

namespace clustr::index {
namespace {

// Swaps the published snapshot under its readers, as a server does.
class Published {
 public:
  std::shared_ptr<const Snapshot> Get() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  void Set(std::shared_ptr<const Snapshot> snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
};

// Expects different ways to compute a number to agree within one snapshot.
void ExpectConsistent(const Snapshot& snapshot, const Population& population, CoCounts& co_counts,
                      RandomShop& random) {
  const Selection selection = Select(snapshot, population);
  const std::vector<uint32_t> counts = CountItems(snapshot, selection);
  ASSERT_EQ(Project(snapshot, selection, {}).view().size(),
            static_cast<size_t>(selection.basket_count));
  if (snapshot.item_count() == 0) return;
  const Item item = static_cast<Item>(random.Number(0, snapshot.item_count() - 1));
  ASSERT_EQ(snapshot.item_of(snapshot.sku_of(item)), item);
  ASSERT_EQ(Count(snapshot, selection, {item}), counts[item]);
  const Product* product = snapshot.product(item);
  ASSERT_TRUE(product == nullptr || product->name == "name");
  snapshot.CustomerItems(random.Number(1, 14));
  const Selection all = Select(snapshot, Population());
  const std::shared_ptr<const CoCountRow> row = co_counts.Get(snapshot, item);
  for (size_t i = 0; i < row->items.size(); ++i) {
    ASSERT_EQ(Count(snapshot, all, {item, row->items[i]}), row->counts[i]);
  }
}

TEST(ConcurrencyTest, ReadersOfOldAndNewSnapshotsNeverSeeTheWriter) {
  ShopIndex index;
  ModelShop model;
  Published published;
  published.Set(index.Publish());
  CoCounts co_counts(5'000);
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (uint64_t seed = 1; seed <= 2; ++seed) {
    readers.emplace_back([&, seed] {
      RandomShop random(seed);
      std::shared_ptr<const Snapshot> old = published.Get();
      while (!done) {
        const std::shared_ptr<const Snapshot> now = published.Get();
        ExpectConsistent(*now, random.MakePopulation(), co_counts, random);
        ExpectConsistent(*old, random.MakePopulation(), co_counts, random);
        if (random.OneIn(5)) old = now;
      }
    });
  }
  RandomShop random(7);
  // Enough changes for two compactions.
  for (int step = 0; step < 300'000; ++step) {
    random.Change(model, index, 500, 40);
    if (step % 100 == 0) published.Set(index.Publish());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GE(index.Publish()->log().id(), 2u);
}

}  // namespace
}  // namespace clustr::index
