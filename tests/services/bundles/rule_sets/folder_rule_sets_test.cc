#include "services/bundles/rule_sets/folder_rule_sets.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/rule_sets/rule_sets.h"
#include "tests/services/bundles/rule_sets/two_rules.h"
#include "tests/testing/for_each_seed.h"
#include "tests/testing/matchers.h"
#include "tests/testing/temp_folder.h"

namespace clustr::bundles {
namespace {

using testing::Fails;
using testing::IsOk;

class FolderRuleSetsTest : public ::testing::Test {
 protected:
  std::string path() const { return folder_.File("rules"); }
  std::unique_ptr<RuleSets> Open() {
    return *RuleSets::Load(nullptr, std::make_unique<FolderRuleSets>(path(), 10), {10, 3});
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

TEST_F(FolderRuleSetsTest, ADamagedFileIsLeftAloneAndTheOthersAreServed) {
  {
    const auto opened = Open();
    RuleSets& sets = *opened;
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
    const auto opened = Open();
    RuleSets& sets = *opened;
    EXPECT_EQ(sets.FindOrNull("bad"), nullptr);
    EXPECT_NE(sets.FindOrNull("good"), nullptr);
    ASSERT_EQ(sets.Problems().size(), 1);
    EXPECT_NE(sets.Problems()[0].find(bad), std::string::npos) << sets.Problems()[0];
    EXPECT_EQ(Content(bad), damaged);
  });
  EXPECT_FALSE(std::filesystem::exists(path() + "/other.rules.new"));
  Write(path() + "/renamed.rules", bytes);
  const auto opened = Open();
  RuleSets& sets = *opened;
  EXPECT_EQ(sets.FindOrNull("renamed"), nullptr);
  EXPECT_EQ(sets.Problems().size(), 2);
  // Importing it again is the remedy, or removing it.
  EXPECT_THAT(sets.Add(RuleSet("bad")), IsOk());
  EXPECT_EQ(Content(bad).size(), bytes.size());
  EXPECT_EQ(sets.Problems().size(), 1);
  EXPECT_THAT(sets.Remove("renamed"), IsOk());
  EXPECT_FALSE(std::filesystem::exists(path() + "/renamed.rules"));
  EXPECT_THAT(sets.Problems(), ::testing::IsEmpty());
  EXPECT_THAT(sets.Remove("renamed"),
              Fails(absl::StatusCode::kNotFound, "RULE_SET_NOT_FOUND", "no rule set"));
}

TEST_F(FolderRuleSetsTest, AFolderThatCannotBeWrittenStoresNothing) {
  Write(path(), "a file");
  const auto opened = Open();
  RuleSets& sets = *opened;
  EXPECT_THAT(sets.Add(RuleSet("one")),
              Fails(absl::StatusCode::kUnavailable, "NOT_STORED", "cannot store the rule set"));
  EXPECT_EQ(sets.FindOrNull("one"), nullptr);
}

// A folder there ended the server, a pipe kept it from starting, and the others took all memory.
TEST_F(FolderRuleSetsTest, WhatIsNoFileIsSetAsideAndNamed) {
  {
    const auto opened = Open();
    ASSERT_THAT(opened->Add(RuleSet("good")), IsOk());
  }
  std::filesystem::create_directory(path() + "/folder.rules");
  ASSERT_EQ(mkfifo((path() + "/pipe.rules").c_str(), 0600), 0);
  std::filesystem::create_symlink("/dev/zero", path() + "/device.rules");
  Write(path() + "/sparse.rules", "");
  std::filesystem::resize_file(path() + "/sparse.rules", uint64_t{8} << 30);
  std::filesystem::create_symlink("nothing", path() + "/dangling.rules");
  const auto opened = Open();
  RuleSets& sets = *opened;
  EXPECT_NE(sets.FindOrNull("good"), nullptr);
  ASSERT_EQ(sets.Problems().size(), 5);
  for (const char* name : {"folder", "pipe", "device", "sparse", "dangling"}) {
    EXPECT_THAT(sets.Problems(),
                ::testing::Contains(::testing::HasSubstr(absl::StrCat("/", name, ".rules "))));
    EXPECT_THAT(sets.Remove(name), IsOk()) << name;
  }
  EXPECT_THAT(sets.Problems(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace clustr::bundles
