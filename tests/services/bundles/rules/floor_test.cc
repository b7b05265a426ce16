#include "services/bundles/rules/floor.h"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "absl/synchronization/notification.h"
#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "common/base/thread_pool.h"
#include "common/storage/store.h"
#include "gtest/gtest.h"
#include "services/bundles/rules/floor_table.h"

namespace clustr::rules {
namespace {

TEST(WithinFloorTest, RequiresEachThresholdToBeAtLeastAsStrict) {
  EXPECT_TRUE(WithinFloor({}));
  EXPECT_TRUE(WithinFloor({.thresholds = {.min_support = 0.1,
                                          .min_confidence = 0.5,
                                          .min_lift = 2,
                                          .min_count = 9,
                                          .max_p_value = 0.01,
                                          .max_items = 2,
                                          .max_consequents = 1}}));
  EXPECT_TRUE(WithinFloor({.antecedent_skus = {1}}));
  EXPECT_FALSE(WithinFloor({.thresholds = {.min_support = 0.0049}}));
  EXPECT_FALSE(WithinFloor({.thresholds = {.min_lift = 0.9}}));
  EXPECT_FALSE(WithinFloor({.thresholds = {.min_count = 1}}));
  EXPECT_FALSE(WithinFloor({.thresholds = {.max_items = 5}}));
  index::Population online;
  online.channels = {"Online"};
  EXPECT_FALSE(WithinFloor({.population = online}));
}

SkuRules ThreeRules() {
  SkuRules rules(100);
  rules.Add({{2, 1}}, {{3}}, {10, 20, 10, 0});
  rules.Add({{1}}, {{2}}, {20, 20, 10, 0});
  rules.Add({{1}}, {{2, 3}}, {20, 10, 5, 0});
  return rules;
}

TEST(AnswerFromFloorTest, RulesThatEqualAThresholdMeetIt) {
  const SkuRules floor = ThreeRules();
  const auto count = [&](const SkuRuleQuery& query) {
    return AnswerFromFloor(floor, query).size();
  };
  EXPECT_EQ(count({}), 3);
  EXPECT_EQ(count({.thresholds = {.min_support = 0.1}}), 2);
  EXPECT_EQ(count({.thresholds = {.min_support = 0.1001}}), 0);
  EXPECT_EQ(count({.thresholds = {.min_confidence = 1}}), 1);
  EXPECT_EQ(count({.thresholds = {.min_lift = 5}}), 1);
  EXPECT_EQ(count({.thresholds = {.min_count = 6}}), 2);
  EXPECT_EQ(count({.thresholds = {.max_items = 2}}), 1);
  EXPECT_EQ(count({.thresholds = {.max_consequents = 1}}), 2);
  EXPECT_EQ(count({.thresholds = {.max_p_value = 0}}), 0);
  EXPECT_EQ(count({.antecedent_skus = {1, 2}}), 1);
  EXPECT_EQ(count({.consequent_skus = {2}}), 2);
}

class FloorTableTest : public ::testing::Test {
 protected:
  ~FloorTableTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<storage::Store> Open() {
    auto store = storage::Store::Open("sqlite:///" + (folder_ / "bundles.db").string(),
                                      {bundles::v1::BundleRule::descriptor()}, 1, &pool_);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  template <class Work>
  void Write(storage::Store& store, Work work) {
    absl::Notification done;
    store.Submit({[&](storage::WriteContext& context) {
                    work(context);
                    return absl::OkStatus();
                  },
                  [&](const absl::Status& status) {
                    EXPECT_TRUE(status.ok()) << status;
                    done.Notify();
                  }});
    done.WaitForNotification();
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      ("floor_" + std::to_string(reinterpret_cast<uintptr_t>(this)) + "_" +
       std::to_string(getpid()));
  ThreadPool pool_{1};
};

TEST_F(FloorTableTest, LoadsTheFloorLastWrittenAfterARestart) {
  {
    const auto store = Open();
    Write(*store, [](auto& context) { EXPECT_FALSE(LoadFloor(context.session()).has_value()); });
    SkuRules old(9);
    old.Add({{8}}, {{9}}, {3, 3, 3, 0});
    Write(*store, [&](auto& context) { ReplaceFloor(context, {old, 1, 1, "a", "b"}); });
    Write(*store, [&](auto& context) {
      ReplaceFloor(context, {ThreeRules(), 5'000'000'000, 7, "sales store", "catalog store"});
    });
    EXPECT_EQ(store->RowCount("bundle_rules"), 3);
  }
  const auto store = Open();
  std::optional<Floor> floor;
  Write(*store, [&](auto& context) { floor = LoadFloor(context.session()); });
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
  Write(*store, [](auto& context) { ReplaceFloor(context, {SkuRules(4), 2, 3, "a", "b"}); });
  Write(*store, [](auto& context) {
    const auto floor = LoadFloor(context.session());
    ASSERT_TRUE(floor.has_value());
    EXPECT_EQ(floor->rules.size(), 0);
    EXPECT_EQ(floor->rules.basket_count(), 4);
  });
}

}  // namespace
}  // namespace clustr::rules
