#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/program/file_rows.h"
#include "services/bundles/rule_sets/database_rule_sets.h"
#include "services/bundles/rule_sets/rule_sets.h"
#include "tests/services/bundles/rule_sets/two_rules.h"
#include "tests/testing/matchers.h"
#include "tests/testing/store_access.h"
#include "tests/testing/test_database.h"

namespace clustr::bundles {
namespace {

using ::testing::ElementsAre;
using testing::Fails;
using testing::IsOk;

// The rule sets of several servers on one database of PostgreSQL.
class SharedRuleSetsTest : public ::testing::Test {
 protected:
  struct Server {
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<RuleSets> sets;
  };

  Server Start() {
    Server server;
    server.store = *storage::Store::Open(database_.url(), {v1::BundleRule::descriptor()}, 1, &pool_,
                                         {.more = {FileRowsTable()}});
    auto sets = RuleSets::Load(server.store.get(),
                               std::make_unique<DatabaseRuleSets>(server.store.get()), {});
    EXPECT_THAT(sets, IsOk());
    server.sets = *std::move(sets);
    return server;
  }

  static absl::Status Known(RuleSets& sets, const std::string& name) {
    absl::Notification done;
    absl::Status result;
    sets.WhenKnown(name, [&](const absl::Status& status) {
      result = status;
      done.Notify();
    });
    done.WaitForNotification();
    return result;
  }

  static bool Eventually(const std::function<bool()>& met) {
    const absl::Time end = absl::Now() + absl::Seconds(60);
    while (!met()) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(2));
    }
    return true;
  }

  testing::TestDatabase database_;
  ThreadPool pool_{1};
};

TEST_F(SharedRuleSetsTest, WhatOneImportsTheOtherServesAtOnceAndLosesWithIt) {
  const Server one = Start();
  const Server other = Start();
  EXPECT_THAT(Known(*other.sets, "spark"),
              Fails(absl::StatusCode::kNotFound, "RULE_SET_NOT_FOUND", "spark"));
  const auto added = one.sets->Add(RuleSet("spark"));
  ASSERT_THAT(added, IsOk());
  ASSERT_THAT(Known(*other.sets, "spark"), IsOk());
  const auto followed = other.sets->Find("spark");
  EXPECT_EQ((*followed)->info->SerializeAsString(), (*added)->info->SerializeAsString());
  EXPECT_EQ((*followed)->content, (*added)->content);
  EXPECT_EQ((*followed)->rules->size(), 2);
  EXPECT_EQ(other.sets->rule_count(), 2);

  EXPECT_THAT(other.sets->Add(RuleSet("spark", 1)),
              Fails(absl::StatusCode::kAlreadyExists, "RULE_SET_EXISTS", "another name"));
  ASSERT_THAT(other.sets->Remove("spark"), IsOk());
  EXPECT_THAT(one.sets->Remove("spark"),
              Fails(absl::StatusCode::kNotFound, "RULE_SET_NOT_FOUND", "spark"));
  EXPECT_TRUE(Eventually([&] { return one.sets->rule_count() == 0; }));
}

TEST_F(SharedRuleSetsTest, AnotherSetOfTheSameNameTakesThePlaceOfTheRemovedOne) {
  const Server one = Start();
  const Server other = Start();
  ASSERT_THAT(one.sets->Add(RuleSet("spark")), IsOk());
  ASSERT_THAT(Known(*other.sets, "spark"), IsOk());
  ASSERT_THAT(one.sets->Remove("spark"), IsOk());
  ASSERT_THAT(one.sets->Add(RuleSet("spark", 5)), IsOk());
  EXPECT_TRUE(Eventually([&] { return other.sets->rule_count() == 5; }));
  EXPECT_EQ((*other.sets->Find("spark"))->rules->size(), 5);
}

TEST_F(SharedRuleSetsTest, ADamagedSetIsReportedByAllAndImportedAgain) {
  const Server one = Start();
  ASSERT_THAT(one.sets->Add(RuleSet("bad")), IsOk());
  ASSERT_THAT(one.sets->Add(RuleSet("good")), IsOk());
  ASSERT_THAT(testing::Write(*one.store,
                             [](storage::WriteContext& context) {
                               context.session().Run(
                                   "UPDATE bundle_files SET content = overlay(content placing "
                                   "'AAAA' from 101) WHERE name = 'bad.rules'");
                               return absl::OkStatus();
                             }),
              IsOk());
  const Server later = Start();
  EXPECT_THAT(later.sets->Problems(),
              ElementsAre("the rule set bad in the database is damaged: its checksum is wrong; "
                          "import it again, restore the database from a backup, or remove the rows "
                          "of bad.rules from its table bundle_files"));
  EXPECT_EQ(later.sets->FindOrNull("bad"), nullptr);
  EXPECT_NE(later.sets->FindOrNull("good"), nullptr);
  EXPECT_THAT(later.sets->Add(RuleSet("bad", 1)), IsOk());
  EXPECT_TRUE(Eventually([&] { return later.sets->Problems().empty(); }));
  EXPECT_TRUE(Eventually([&] { return one.sets->rule_count() == 3; }));
}

}  // namespace
}  // namespace clustr::bundles
