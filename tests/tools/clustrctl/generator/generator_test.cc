#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "gtest/gtest.h"
#include "tools/clustrctl/generator/assortment.h"
#include "tools/clustrctl/generator/basket_maker.h"
#include "tools/clustrctl/generator/calendar.h"
#include "tools/clustrctl/generator/shop.h"

namespace clustr::generator {
namespace {

constexpr const char* kFiles[] = {"products.csv", "customers.csv", "timeframe.csv",
                                  "transactions.csv", "sales.csv"};

std::string Make(const ShopOptions& options) {
  const std::string folder = ::testing::TempDir() + "/generator_test";
  std::filesystem::create_directories(folder);
  const auto size = WriteShop(options, folder, [](int64_t) {});
  EXPECT_TRUE(size.ok()) << size.status();
  std::stringstream content;
  for (const char* file : kFiles) content << std::ifstream(folder + "/" + file).rdbuf();
  std::filesystem::remove_all(folder);
  return content.str();
}

TEST(ShopTest, EqualSeedsGiveEqualBytes) {
  const ShopOptions options{.products = 50, .customers = 40, .baskets = 500};
  ShopOptions other = options;
  other.seed = 2;
  const std::string content = Make(options);
  EXPECT_EQ(content, Make(options));
  EXPECT_NE(content, Make(other));
}

// The bytes do not depend on the compiler or the library: these numbers come from another
// implementation.
TEST(RandomTest, DrawsEqualThoseOfAnotherImplementation) {
  Random random(1);
  EXPECT_EQ(random.Next(), 10451216379200822465u);
  const Weighted weighted({1, 2, 3, 4});
  uint64_t hash = 0;
  for (int i = 0; i < 1000; ++i) hash = hash * 31 + weighted.Draw(random);
  std::vector<int> counts(4);
  for (int i = 0; i < 100'000; ++i) ++counts[weighted.Draw(random)];
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(counts[i], 10'000 * (i + 1), 500);
  EXPECT_EQ(hash, 8998234836964051743u);
}

TEST(ShopTest, RefusesSizesOutOfRange) {
  const auto refused = [](const ShopOptions& options) {
    return ValidateShopOptions(options).code() == absl::StatusCode::kInvalidArgument;
  };
  EXPECT_FALSE(refused({}));
  EXPECT_TRUE(refused({.products = 1}));
  EXPECT_TRUE(refused({.customers = 0}));
  EXPECT_TRUE(refused({.baskets = -1}));
  EXPECT_TRUE(refused({.products = 10, .mean_lines = 6}));
  EXPECT_TRUE(refused({.mean_lines = 0.5}));
  EXPECT_TRUE(refused({.days = 0}));
}

TEST(AssortmentTest, NamesAreDistinctAndFamiliesDisjoint) {
  Random random(7);
  const Assortment shop = MakeAssortment(3600, random);
  std::set<std::string> names;
  for (const auto& product : shop.products) names.insert(product.product_name());
  EXPECT_EQ(names.size(), 3600u);
  std::set<uint32_t> members;
  size_t total = 0;
  for (const Family& family : shop.families) {
    members.insert(family.products.begin(), family.products.end());
    total += family.products.size();
  }
  EXPECT_EQ(shop.families.size(), 360u);
  EXPECT_EQ(members.size(), total);
}

class BasketMakerTest : public ::testing::Test {
 protected:
  static constexpr int kBaskets = 20'000;

  // The lift of the first two products of each family.
  std::map<uint32_t, double> FamilyLifts(uint8_t preference) {
    BasketMaker maker(shop_, 4);
    std::vector<BasketLine> lines;
    std::vector<double> single(shop_.products.size());
    std::vector<double> pair(shop_.families.size());
    Random random(11);
    for (int i = 0; i < kBaskets; ++i) {
      maker.Draw({.preference = preference, .age = 30, .visits = 1}, random, &lines);
      lines_ += lines.size();
      max_ = std::max(max_, lines.size());
      std::set<uint32_t> products;
      for (const BasketLine& line : lines) products.insert(line.product);
      EXPECT_EQ(products.size(), lines.size());
      for (uint32_t product : products) ++single[product];
      for (size_t f = 0; f < pair.size(); ++f) {
        const auto& members = shop_.families[f].products;
        pair[f] += products.contains(members[0]) && products.contains(members[1]);
      }
    }
    std::map<uint32_t, double> lifts;
    for (size_t f = 0; f < pair.size(); ++f) {
      const auto& members = shop_.families[f].products;
      lifts[f] = pair[f] * kBaskets / (single[members[0]] * single[members[1]]);
      if (shop_.families[f].preference == 1) sporty_pairs_[preference] += pair[f];
    }
    return lifts;
  }

  Random assortment_random_{3};
  const Assortment shop_ = MakeAssortment(300, assortment_random_);
  size_t lines_ = 0;
  size_t max_ = 0;
  std::map<uint8_t, double> sporty_pairs_;  // Indexed by preference of the shopper.
};

TEST_F(BasketMakerTest, PlantedFamiliesAreBoughtTogether) {
  for (const auto& [family, lift] : FamilyLifts(0)) EXPECT_GT(lift, 2) << "family " << family;
}

TEST_F(BasketMakerTest, ShoppersBuyFamiliesOfTheirPreferenceMoreOften) {
  FamilyLifts(0);
  FamilyLifts(1);
  EXPECT_GT(sporty_pairs_[1], 1.5 * sporty_pairs_[0]);
}

TEST_F(BasketMakerTest, SizesHaveTheMeanAndALongTail) {
  FamilyLifts(0);
  EXPECT_NEAR(static_cast<double>(lines_) / kBaskets, 4, 0.15);
  EXPECT_GT(max_, 16u);
}

TEST(CalendarTest, DistributesAllBasketsAndKnowsLeapYears) {
  Random random(5);
  const auto calendar = MakeCalendar(366, 10'000, random);
  int64_t baskets = 0;
  for (const TradingDay& day : calendar) baskets += day.baskets;
  EXPECT_EQ(baskets, 10'000);
  EXPECT_EQ(calendar[59].timeframe.date(), "2024-02-29");
  EXPECT_EQ(calendar[365].timeframe.date(), "2024-12-31");
}

}  // namespace
}  // namespace clustr::generator
