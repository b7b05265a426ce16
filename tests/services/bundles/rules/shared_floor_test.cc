#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "common/base/thread_pool.h"
#include "common/storage/store.h"
#include "gtest/gtest.h"
#include "services/bundles/rules/floor_table.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::rules {
namespace {

constexpr int kServers = 3;
constexpr int kFloors = 30;  // Of each server.

// A floor that shows whether all of its rules belong together: `revision` of them, each with
// `revision` baskets.
Floor FloorOf(int64_t revision) {
  SkuRules rules(revision);
  for (int64_t sku = 1; sku <= revision; ++sku) {
    rules.Add({{sku}}, {{sku + 1}}, {revision, revision, revision, 0});
  }
  return {rules, revision, 1, "sales", "catalog"};
}

// Several stores, as several servers have them, write floors to one database.
TEST(SharedFloorTest, TheStoredFloorIsAlwaysOneThatAServerWroteAndTheNewestInTheEnd) {
  testing::TestDatabase database;
  ThreadPool pool(1);
  std::vector<std::unique_ptr<storage::Store>> stores;
  for (int i = 0; i < kServers; ++i) {
    auto store = storage::Store::Open(database.url(), {bundles::v1::BundleRule::descriptor()}, 1,
                                      &pool, {.more = {FloorTable()}});
    ASSERT_THAT(store, testing::IsOk());
    stores.push_back(*std::move(store));
  }
  const auto load = [](storage::Store& store) {
    std::optional<Floor> floor;
    EXPECT_THAT(store.Read([&](storage::Session& session) {
      floor = LoadFloor(session);
      return absl::OkStatus();
    }),
                testing::IsOk());
    return floor;
  };
  std::atomic<int> writing{kServers};
  std::vector<std::thread> servers;
  for (int i = 0; i < kServers; ++i) {
    servers.emplace_back([&, store = stores[i].get(), first = 1 + i] {
      for (int64_t revision = first; revision <= kServers * kFloors; revision += kServers) {
        EXPECT_THAT(testing::Write(*store,
                                   [&](storage::WriteContext& context) {
                                     const Floor floor = FloorOf(revision);
                                     if (!IsStoredFloorAsNew(context.session(), floor)) {
                                       ReplaceFloor(context, floor);
                                     }
                                     return absl::OkStatus();
                                   }),
                    testing::IsOk());
      }
      --writing;
    });
  }
  int64_t newest = 0;
  while (writing > 0) {
    const std::optional<Floor> floor = load(*stores[0]);
    if (!floor) continue;
    EXPECT_GE(floor->sales_revision, newest);
    newest = floor->sales_revision;
    ASSERT_EQ(floor->rules.size(), static_cast<size_t>(newest));
    for (size_t rule = 0; rule < floor->rules.size(); ++rule) {
      EXPECT_EQ(floor->rules.counts(rule).count_ab, newest);
    }
  }
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(load(*stores[1])->sales_revision, kServers * kFloors);
  // The counters of rows are shared as well.
  EXPECT_THAT(testing::Write(*stores[2],
                             [&](storage::WriteContext& context) {
                               EXPECT_EQ(context.Rows("bundle_rules"), kServers * kFloors);
                               return absl::OkStatus();
                             }),
              testing::IsOk());
}

}  // namespace
}  // namespace clustr::rules
