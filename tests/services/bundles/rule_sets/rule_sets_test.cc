#include "services/bundles/rule_sets/rule_sets.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "gtest/gtest.h"
#include "services/bundles/program/file_rows.h"
#include "services/bundles/rule_sets/database_rule_sets.h"
#include "services/bundles/rule_sets/folder_rule_sets.h"
#include "tests/services/bundles/rule_sets/two_rules.h"
#include "tests/testing/matchers.h"
#include "tests/testing/temp_folder.h"
#include "tests/testing/test_database.h"

namespace clustr::bundles {
namespace {

using testing::Fails;
using testing::IsOk;

// The rule sets of one server, which keeps them in a folder if its database is a file, and in the
// database otherwise.
class RuleSetsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = storage::Store::Open(database_.url(), {v1::BundleRule::descriptor()}, 1, &pool_,
                                      {.more = {FileRowsTable()}});
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
  }

  std::unique_ptr<RuleSets> Open(int64_t max_rules = 10, int64_t max_sets = 3) {
    std::unique_ptr<RuleSetKeeper> keeper;
    if (store_->shared()) {
      keeper = std::make_unique<DatabaseRuleSets>(store_.get());
    } else {
      keeper = std::make_unique<FolderRuleSets>(folder_.File("rules"), 1000);
    }
    auto sets = RuleSets::Load(store_.get(), std::move(keeper), {max_rules, max_sets});
    EXPECT_THAT(sets, IsOk());
    return *std::move(sets);
  }

  testing::TestDatabase database_;
  testing::TempFolder folder_;
  ThreadPool pool_{1};
  std::unique_ptr<storage::Store> store_;
};

TEST(RuleSetNameTest, IsAlsoTheNameOfAFile) {
  for (const char* name : {"a", "2024", "spark-2024.01_all", "A.rules"}) {
    EXPECT_TRUE(IsRuleSetName(name)) << name;
  }
  for (const char* name : {"", ".", "..", ".a", "-a", "a/b", "a b", "é", "a\n"}) {
    EXPECT_FALSE(IsRuleSetName(name)) << name;
  }
  EXPECT_TRUE(IsRuleSetName(std::string(64, 'a')));
  EXPECT_FALSE(IsRuleSetName(std::string(65, 'a')));
}

TEST_F(RuleSetsTest, WhatWasAddedIsThereAfterARestart) {
  std::string info;
  {
    const auto opened = Open();
    RuleSets& sets = *opened;
    const auto added = sets.Add(RuleSet("one"));
    ASSERT_THAT(added, IsOk());
    EXPECT_GT((*added)->info->import_time().seconds(), 0);
    info = (*added)->info->SerializeAsString();
  }
  const auto opened = Open();
  RuleSets& sets = *opened;
  const auto found = sets.Find("one");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ((*found)->info->SerializeAsString(), info);
  EXPECT_EQ((*found)->content, std::string(32, 'c'));
  ASSERT_EQ((*found)->rules->size(), 2);
  EXPECT_EQ((*found)->rules->antecedents(1), (std::vector<int64_t>{2, 6}));
  EXPECT_EQ((*found)->rules->counts(1), (mining::RuleCounts{10, 20, 5, 100}));
  EXPECT_EQ(sets.rule_count(), 2);
  EXPECT_TRUE(sets.Problems().empty());
}

TEST_F(RuleSetsTest, ANameIsTakenOnce) {
  const auto opened = Open();
  RuleSets& sets = *opened;
  ASSERT_THAT(sets.Add(RuleSet("one")), IsOk());
  EXPECT_THAT(sets.Add(RuleSet("one", 1)),
              Fails(absl::StatusCode::kAlreadyExists, "RULE_SET_EXISTS", "another name"));
  EXPECT_EQ((*sets.Find("one"))->rules->size(), 2);
}

TEST_F(RuleSetsTest, RemovedRuleSetsAreGoneForGood) {
  const auto opened = Open();
  RuleSets& sets = *opened;
  ASSERT_THAT(sets.Add(RuleSet("one")), IsOk());
  const RuleSetPtr listed = *sets.Find("one");
  EXPECT_THAT(sets.Remove("one"), IsOk());
  EXPECT_EQ(listed->rules->size(), 2) << "a listing still has them";
  EXPECT_THAT(sets.Find("one"),
              Fails(absl::StatusCode::kNotFound, "RULE_SET_NOT_FOUND", "\"one\""));
  EXPECT_THAT(sets.Remove("one"), Fails(absl::StatusCode::kNotFound, "RULE_SET_NOT_FOUND", "one"));
  EXPECT_EQ(sets.rule_count(), 0);
  EXPECT_EQ(Open()->FindOrNull("one"), nullptr);
  EXPECT_THAT(sets.Add(RuleSet("one", 1)), IsOk());
}

TEST_F(RuleSetsTest, RoomIsForAllImportsTogetherAndGivenBack) {
  const auto opened = Open(10);
  RuleSets& sets = *opened;
  ASSERT_THAT(sets.Add(RuleSet("one", 4)), IsOk());
  std::optional<RuleSets::Room> first(&sets);
  RuleSets::Room second(&sets);
  EXPECT_THAT(first->Take(5), IsOk());
  EXPECT_THAT(second.Take(2), Fails(absl::StatusCode::kResourceExhausted, "RULE_SETS_FULL",
                                    "at most 10 imported rules (--max-imported-rules)"));
  EXPECT_THAT(second.Take(1), IsOk());
  first.reset();
  EXPECT_THAT(second.Take(5), IsOk());
}

TEST_F(RuleSetsTest, ThereAreNoMoreThanTheLimit) {
  const auto opened = Open(10, 2);
  RuleSets& sets = *opened;
  ASSERT_THAT(sets.Add(RuleSet("a")), IsOk());
  ASSERT_THAT(sets.Add(RuleSet("b")), IsOk());
  EXPECT_THAT(sets.Add(RuleSet("c")), Fails(absl::StatusCode::kResourceExhausted, "RULE_SETS_FULL",
                                            "at most 2 imported rule sets"));
}

TEST_F(RuleSetsTest, ListsByNameInPages) {
  const auto opened = Open();
  RuleSets& sets = *opened;
  for (const char* name : {"b", "C", "a"}) ASSERT_THAT(sets.Add(RuleSet(name)), IsOk());
  v1::ListRuleSetsRequest request;
  request.set_page_size(2);
  v1::ListRuleSetsResponse page;
  ASSERT_THAT(sets.List(request, &page), IsOk());
  ASSERT_EQ(page.rule_sets_size(), 2);
  EXPECT_EQ(page.rule_sets(0).name(), "C");
  EXPECT_EQ(page.rule_sets(1).name(), "a");
  request.set_page_token(page.next_page_token());
  page.Clear();
  ASSERT_THAT(sets.List(request, &page), IsOk());
  ASSERT_EQ(page.rule_sets_size(), 1);
  EXPECT_EQ(page.rule_sets(0).name(), "b");
  EXPECT_EQ(page.next_page_token(), "");
}

}  // namespace
}  // namespace clustr::bundles
