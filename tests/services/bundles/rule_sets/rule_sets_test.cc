#include "services/bundles/rule_sets/rule_sets.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/testing/for_each_seed.h"
#include "tests/testing/matchers.h"
#include "tests/testing/temp_folder.h"

namespace clustr::bundles {
namespace {

using testing::Fails;
using testing::IsOk;

StoredRuleSet RuleSet(const std::string& name, int rules = 2) {
  StoredRuleSet set;
  set.info.set_name(name);
  set.info.set_basket_count(100);
  set.info.set_rule_count(rules);
  set.content = std::string(32, 'c');
  set.rules = rules::SkuRules(100);
  for (int64_t i = 0; i < rules; ++i) set.rules.Add({{i + 1, i + 5}}, {{i + 3}}, {10, 20, 5, 100});
  return set;
}

class RuleSetsTest : public ::testing::Test {
 protected:
  std::string path() const { return folder_.File("rules"); }
  RuleSets Open(int64_t max_rules = 10, int64_t max_sets = 3) {
    return RuleSets({path(), max_rules, max_sets});
  }
  static std::string Content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  static void Write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }

  testing::TempFolder folder_;
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
    RuleSets sets = Open();
    const auto added = sets.Add(RuleSet("one"));
    ASSERT_THAT(added, IsOk());
    EXPECT_GT((*added)->info->import_time().seconds(), 0);
    info = (*added)->info->SerializeAsString();
  }
  RuleSets sets = Open();
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
  RuleSets sets = Open();
  ASSERT_THAT(sets.Add(RuleSet("one")), IsOk());
  EXPECT_THAT(sets.Add(RuleSet("one", 1)),
              Fails(absl::StatusCode::kAlreadyExists, "RULE_SET_EXISTS", "another name"));
  EXPECT_EQ((*sets.Find("one"))->rules->size(), 2);
}

TEST_F(RuleSetsTest, RemovedRuleSetsAreGoneForGood) {
  RuleSets sets = Open();
  ASSERT_THAT(sets.Add(RuleSet("one")), IsOk());
  const RuleSetPtr listed = *sets.Find("one");
  EXPECT_THAT(sets.Remove("one"), IsOk());
  EXPECT_EQ(listed->rules->size(), 2) << "a listing still has them";
  EXPECT_THAT(sets.Find("one"),
              Fails(absl::StatusCode::kNotFound, "RULE_SET_NOT_FOUND", "\"one\""));
  EXPECT_THAT(sets.Remove("one"), Fails(absl::StatusCode::kNotFound, "RULE_SET_NOT_FOUND", "one"));
  EXPECT_EQ(sets.rule_count(), 0);
  EXPECT_EQ(Open().FindOrNull("one"), nullptr);
  EXPECT_THAT(sets.Add(RuleSet("one", 1)), IsOk());
}

TEST_F(RuleSetsTest, RoomIsForAllImportsTogetherAndGivenBack) {
  RuleSets sets = Open(10);
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
  RuleSets sets = Open(10, 2);
  ASSERT_THAT(sets.Add(RuleSet("a")), IsOk());
  ASSERT_THAT(sets.Add(RuleSet("b")), IsOk());
  EXPECT_THAT(sets.Add(RuleSet("c")), Fails(absl::StatusCode::kResourceExhausted, "RULE_SETS_FULL",
                                            "at most 2 imported rule sets"));
}

TEST_F(RuleSetsTest, ListsByNameInPages) {
  RuleSets sets = Open();
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

TEST_F(RuleSetsTest, ADamagedFileIsLeftAloneAndTheOthersAreServed) {
  {
    RuleSets sets = Open();
    ASSERT_THAT(sets.Add(RuleSet("bad")), IsOk());
    ASSERT_THAT(sets.Add(RuleSet("good")), IsOk());
  }
  const std::string bad = path() + "/bad.rules";
  Write(path() + "/other.rules.new", "unfinished");
  Write(path() + "/README", "no rule set");
  const std::string bytes = Content(bad);
  ForEachSeed(50, [&](uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string damaged = bytes;
    damaged[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
    if (seed % 3 == 0) damaged = bytes.substr(0, random() % bytes.size());
    Write(bad, damaged);
    RuleSets sets = Open();
    EXPECT_EQ(sets.FindOrNull("bad"), nullptr);
    EXPECT_NE(sets.FindOrNull("good"), nullptr);
    ASSERT_EQ(sets.Problems().size(), 1);
    EXPECT_NE(sets.Problems()[0].find(bad), std::string::npos) << sets.Problems()[0];
    EXPECT_EQ(Content(bad), damaged);
  });
  EXPECT_FALSE(std::filesystem::exists(path() + "/other.rules.new"));
  Write(path() + "/renamed.rules", bytes);
  RuleSets sets = Open();
  EXPECT_EQ(sets.FindOrNull("renamed"), nullptr);
  EXPECT_EQ(sets.Problems().size(), 2);
  // Importing it again is the remedy.
  EXPECT_THAT(sets.Add(RuleSet("bad")), IsOk());
  EXPECT_EQ(Content(bad).size(), bytes.size());
}

TEST_F(RuleSetsTest, AFolderThatCannotBeWrittenStoresNothing) {
  Write(path(), "a file");
  RuleSets sets = Open();
  EXPECT_THAT(sets.Add(RuleSet("one")),
              Fails(absl::StatusCode::kUnavailable, "NOT_STORED", "cannot store the rule set"));
  EXPECT_EQ(sets.FindOrNull("one"), nullptr);
}

}  // namespace
}  // namespace clustr::bundles
