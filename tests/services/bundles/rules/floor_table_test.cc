#include "services/bundles/rules/floor_table.h"

#include <memory>
#include <optional>
#include <string>

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "common/base/thread_pool.h"
#include "common/storage/store.h"
#include "gtest/gtest.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::rules {
namespace {

SkuRules ThreeRules() {
  SkuRules rules(100);
  rules.Add({{2, 1}}, {{3}}, {10, 20, 10, 0});
  rules.Add({{1}}, {{2}}, {20, 20, 10, 0});
  rules.Add({{1}}, {{2, 3}}, {20, 10, 5, 0});
  return rules;
}

class FloorTableTest : public ::testing::Test {
 protected:
  std::unique_ptr<storage::Store> Open() {
    auto store = storage::Store::Open(database_.url(), {bundles::v1::BundleRule::descriptor()}, 1,
                                      &pool_, {.more = {FloorTable()}});
    EXPECT_THAT(store, testing::IsOk());
    return *std::move(store);
  }

  static void Replace(storage::Store& store, const Floor& floor) {
    EXPECT_THAT(testing::Write(store,
                               [&](storage::WriteContext& context) {
                                 ReplaceFloor(context, floor);
                                 return absl::OkStatus();
                               }),
                testing::IsOk());
  }

  static std::optional<Floor> Load(storage::Store& store) {
    std::optional<Floor> floor;
    EXPECT_THAT(store.Read([&](storage::Session& session) {
      floor = LoadFloor(session);
      return absl::OkStatus();
    }),
                testing::IsOk());
    return floor;
  }

  static bool IsAsNew(storage::Store& store, const Floor& floor) {
    bool is_as_new = false;
    EXPECT_THAT(store.Read([&](storage::Session& session) {
      is_as_new = IsStoredFloorAsNew(session, floor);
      return absl::OkStatus();
    }),
                testing::IsOk());
    return is_as_new;
  }

  testing::TestDatabase database_;
  ThreadPool pool_{1};
};

TEST_F(FloorTableTest, LoadsTheFloorLastWrittenAfterARestart) {
  {
    const auto store = Open();
    EXPECT_FALSE(Load(*store).has_value());
    SkuRules old(9);
    old.Add({{8}}, {{9}}, {3, 3, 3, 0});
    Replace(*store, {old, 1, 1, "a", "b"});
    Replace(*store, {ThreeRules(), 5'000'000'000, 7, "sales store", "catalog store"});
    EXPECT_EQ(store->RowCount("bundle_rules"), 3);
  }
  const auto store = Open();
  const std::optional<Floor> floor = Load(*store);
  ASSERT_TRUE(floor.has_value());
  EXPECT_EQ(floor->sales_revision, 5'000'000'000);
  EXPECT_EQ(floor->catalog_revision, 7);
  EXPECT_EQ(floor->sales_store_id, "sales store");
  EXPECT_EQ(floor->catalog_store_id, "catalog store");
  const SkuRules wanted = ThreeRules();
  ASSERT_EQ(floor->rules.size(), wanted.size());
  EXPECT_EQ(floor->rules.basket_count(), 100);
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(floor->rules.rule_id(i), wanted.rule_id(i));
    EXPECT_EQ(floor->rules.antecedents(i), wanted.antecedents(i));
    EXPECT_EQ(floor->rules.consequents(i), wanted.consequents(i));
    EXPECT_EQ(floor->rules.counts(i), wanted.counts(i));
  }
}

TEST_F(FloorTableTest, LoadsAFloorWithoutRules) {
  const auto store = Open();
  Replace(*store, {SkuRules(4), 2, 3, "a", "b"});
  const std::optional<Floor> floor = Load(*store);
  ASSERT_TRUE(floor.has_value());
  EXPECT_EQ(floor->rules.size(), 0);
  EXPECT_EQ(floor->rules.basket_count(), 4);
}

TEST_F(FloorTableTest, OnlyAFloorOfTheSameHistoriesIsComparedByRevisions) {
  const auto store = Open();
  EXPECT_FALSE(IsAsNew(*store, {SkuRules(4), 1, 1, "a", "b"}));
  Replace(*store, {SkuRules(4), 5, 3, "a", "b"});
  EXPECT_TRUE(IsAsNew(*store, {SkuRules(4), 5, 3, "a", "b"}));
  EXPECT_TRUE(IsAsNew(*store, {SkuRules(4), 4, 3, "a", "b"}));
  EXPECT_FALSE(IsAsNew(*store, {SkuRules(4), 6, 3, "a", "b"}));
  EXPECT_FALSE(IsAsNew(*store, {SkuRules(4), 5, 4, "a", "b"}));
  EXPECT_FALSE(IsAsNew(*store, {SkuRules(4), 4, 3, "another", "b"}));
  EXPECT_FALSE(IsAsNew(*store, {SkuRules(4), 4, 3, "a", "another"}));
}

}  // namespace
}  // namespace clustr::rules
