// Figures for the shared data sets on which several independent miners agree.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/reference/reference_miner.h"
#include "services/bundles/mining/rules.h"
#include "tests/services/bundles/mining/owned_baskets.h"
#include "tests/services/bundles/mining/shared_data.h"

namespace clustr::mining {
namespace {

struct ItemsetRow {
  const char* file;
  int64_t min_count;
  size_t itemsets;
  const char* sha256;  // Hash of the sorted lines `item item ... (count)`; empty if not known.
};

class SharedItemsetsTest : public testing::TestWithParam<ItemsetRow> {};

TEST_P(SharedItemsetsTest, AreTheKnownOnes) {
  const ItemsetRow& row = GetParam();
  CLUSTR_SHARED_DATA_OR_SKIP(path, row.file);
  const OwnedBaskets baskets = ReadFimi(*path);
  const bool hashed = *row.sha256 != '\0';
  size_t found = 0;
  std::vector<std::string> lines;
  ASSERT_TRUE(MineItemsets(baskets.view(), {.min_count = row.min_count, .max_size = 1000},
                           [&](absl::Span<const Item> items, int64_t count) {
                             ++found;
                             if (!hashed) return;
                             lines.push_back(
                                 absl::StrCat(absl::StrJoin(items, " "), " (", count, ")\n"));
                           })
                  .ok());
  EXPECT_EQ(found, row.itemsets);
  if (hashed) {
    std::sort(lines.begin(), lines.end());
    EXPECT_EQ(Sha256Hex(absl::StrJoin(lines, "")), row.sha256);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SharedItemsetsTest,
    testing::Values(ItemsetRow{"retail.dat.xz", 88, 7712,
                               "5e7da39a1e9814dedd15451f9c11b4e9eb49a7ac31dcdb111a8dc20bf74498f1"},
                    ItemsetRow{"retail.dat.xz", 10, 189400,
                               "ceb23bf8e1b025c1b42b0eef5e607d93822401422d04e04000ae439f96c24407"},
                    ItemsetRow{"retail.dat.xz", 5, 1506775, ""},
                    ItemsetRow{"T10I4D100K.dat.xz", 500, 1073,
                               "72384be43ccf42f2794a37a96e89b892552a7cfbb29e466fc027226431737148"},
                    ItemsetRow{"T10I4D100K.dat.xz", 100, 27532,
                               "1abcbc5f7f1e728c19fc3959301764279c6f703a9c2f774f49e5bf36b14f42ad"},
                    ItemsetRow{"T10I4D100K.dat.xz", 10, 411365, ""},
                    ItemsetRow{"groceries.dat.xz", 10, 13492,
                               "ef9fecfccd61716777f7738a3950107b474cfc335ca9ee0c74a922bd46d9fcef"},
                    ItemsetRow{"groceries.dat.xz", 2, 790072, ""},
                    ItemsetRow{"mushroom.dat.xz", 1625, 53583,
                               "670cfe3529225ae0f3a0e5c95a7d89c46528b6923de87d4a3d13a3d5a953bc14"},
                    ItemsetRow{"mushroom.dat.xz", 812, 574513, ""}));

struct CondensedRow {
  const char* file;
  int64_t min_count;
  size_t closed;
  size_t maximal;
};

class SharedCondensedTest : public testing::TestWithParam<CondensedRow> {};

TEST_P(SharedCondensedTest, AreAsManyAsKnown) {
  const CondensedRow& row = GetParam();
  CLUSTR_SHARED_DATA_OR_SKIP(path, row.file);
  const OwnedBaskets baskets = ReadFimi(*path);
  const auto count = [&](Target target) {
    size_t found = 0;
    const absl::Status status = MineItemsets(
        baskets.view(), {.min_count = row.min_count, .max_size = 1000, .target = target},
        [&](absl::Span<const Item>, int64_t) { ++found; });
    EXPECT_TRUE(status.ok()) << status;
    return found;
  };
  EXPECT_EQ(count(Target::kClosed), row.closed);
  EXPECT_EQ(count(Target::kMaximal), row.maximal);
}

// Some miners do not count mushroom's item 85, which is closed: every basket contains it.
INSTANTIATE_TEST_SUITE_P(Rows, SharedCondensedTest,
                         testing::Values(CondensedRow{"retail.dat.xz", 88, 7695, 3507},
                                         CondensedRow{"retail.dat.xz", 10, 159396, 62996},
                                         CondensedRow{"retail.dat.xz", 5, 504142, 212923},
                                         CondensedRow{"T10I4D100K.dat.xz", 500, 1073, 585},
                                         CondensedRow{"T10I4D100K.dat.xz", 100, 26806, 4054},
                                         CondensedRow{"T10I4D100K.dat.xz", 10, 283397, 127264},
                                         CondensedRow{"groceries.dat.xz", 10, 13464, 7794},
                                         CondensedRow{"groceries.dat.xz", 2, 145461, 41631},
                                         CondensedRow{"mushroom.dat.xz", 1625, 1197, 158},
                                         CondensedRow{"mushroom.dat.xz", 812, 4897, 558}));

struct RuleRow {
  const char* file;
  int64_t min_count;
  double min_confidence;
  int max_consequents;
  size_t rules;
};

// Rows whose itemsets have at most eight items.
class SharedRuleRowsTest : public testing::TestWithParam<RuleRow> {};

TEST_P(SharedRuleRowsTest, AreAsManyAsKnown) {
  const RuleRow& row = GetParam();
  CLUSTR_SHARED_DATA_OR_SKIP(path, row.file);
  const OwnedBaskets baskets = ReadFimi(*path);
  const RuleQuery query = {.thresholds = {.min_support = 0,
                                          .min_confidence = row.min_confidence,
                                          .min_lift = 0,
                                          .min_count = row.min_count,
                                          .max_items = 8,
                                          .max_consequents = row.max_consequents},
                           .basket_count = baskets.non_empty()};
  const absl::StatusOr<RuleSet> rules = MineRules(baskets.view(), query);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(rules->size(), row.rules);
}

INSTANTIATE_TEST_SUITE_P(Rows, SharedRuleRowsTest,
                         testing::Values(RuleRow{"groceries.dat.xz", 10, 0.5, 1, 5668},
                                         RuleRow{"groceries.dat.xz", 10, 0.5, 0, 5829},
                                         RuleRow{"retail.dat.xz", 88, 0.5, 1, 5832},
                                         RuleRow{"retail.dat.xz", 88, 0.5, 0, 6299}));

void ExpectReferenceAgrees(const OwnedBaskets& baskets, const Thresholds& thresholds) {
  const RuleQuery query = {.thresholds = thresholds, .basket_count = baskets.non_empty()};
  const absl::StatusOr<RuleSet> rules = MineRules(baskets.view(), query);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_GT(rules->size(), 0u);
  EXPECT_TRUE(Sorted(*rules) ==
              *MineReferenceRules(baskets.tid_lists(), baskets.non_empty(), thresholds));
}

TEST(SharedReferenceTest, OnlineRetailAtTheDefaults) {
  CLUSTR_SHARED_DATA_OR_SKIP(path, "online_retail/sales.csv.gz");
  const OwnedBaskets baskets = ReadOnlineRetail(*path);
  EXPECT_EQ(baskets.non_empty(), 13795);
  ExpectReferenceAgrees(baskets, {});
}

TEST(SharedReferenceTest, OnlineRetailWithATest) {
  CLUSTR_SHARED_DATA_OR_SKIP(path, "online_retail/sales.csv.gz");
  ExpectReferenceAgrees(ReadOnlineRetail(*path),
                        {.min_support = 0.01, .min_lift = 0, .max_p_value = 1e-20});
}

TEST(SharedReferenceTest, GroceriesOfEightItems) {
  CLUSTR_SHARED_DATA_OR_SKIP(path, "groceries.dat.xz");
  ExpectReferenceAgrees(
      ReadFimi(*path),
      {.min_support = 0, .min_confidence = 0.3, .min_lift = 0, .min_count = 10, .max_items = 8});
}

TEST(SharedReferenceTest, DenseMushroom) {
  CLUSTR_SHARED_DATA_OR_SKIP(path, "mushroom.dat.xz");
  ExpectReferenceAgrees(ReadFimi(*path), {.min_support = 0.3, .max_items = 5});
}

// Mining the projection on given items gives the same rules as filtering all rules.
TEST(SharedRulesTest, GivenSidesAreAFilterOfAllRules) {
  CLUSTR_SHARED_DATA_OR_SKIP(path, "groceries.dat.xz");
  const OwnedBaskets baskets = ReadFimi(*path);
  RuleQuery query = {.thresholds = {.min_support = 0.001}, .basket_count = baskets.non_empty()};
  const std::vector<ReferenceRule> all =
      *MineReferenceRules(baskets.tid_lists(), baskets.non_empty(), query.thresholds);
  for (const std::vector<Item>& left : std::vector<std::vector<Item>>{{}, {13}, {13, 60}}) {
    for (const std::vector<Item>& right : std::vector<std::vector<Item>>{{}, {69}, {29}}) {
      std::vector<ReferenceRule> filtered;
      for (const ReferenceRule& rule : all) {
        if (std::includes(rule.antecedents.begin(), rule.antecedents.end(), left.begin(),
                          left.end()) &&
            std::includes(rule.consequents.begin(), rule.consequents.end(), right.begin(),
                          right.end())) {
          filtered.push_back(rule);
        }
      }
      query.antecedents = left;
      query.consequents = right;
      const absl::StatusOr<RuleSet> rules = MineRules(baskets.view(), query);
      ASSERT_TRUE(rules.ok()) << rules.status();
      EXPECT_TRUE(Sorted(*rules) == filtered);
    }
  }
}

TEST(SharedRulesTest, MinFittingSupportFits) {
  CLUSTR_SHARED_DATA_OR_SKIP(path, "retail.dat.xz");
  const OwnedBaskets baskets = ReadFimi(*path);
  RuleQuery query = {.thresholds = {.min_support = 0.0001},
                     .basket_count = baskets.non_empty(),
                     .max_rules = 20'000};
  ASSERT_EQ(MineRules(baskets.view(), query).status().code(), absl::StatusCode::kResourceExhausted);
  const std::optional<double> support = MinFittingSupport(baskets.view(), query);
  ASSERT_TRUE(support.has_value());
  query.thresholds.min_support = *support;
  const absl::StatusOr<RuleSet> rules = MineRules(baskets.view(), query);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_GT(rules->size(), 10'000u);
}

}  // namespace
}  // namespace clustr::mining
