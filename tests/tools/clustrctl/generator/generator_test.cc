#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "gtest/gtest.h"
#include "tools/clustrctl/generator/assortment.h"
#include "tools/clustrctl/generator/basket_maker.h"
#include "tools/clustrctl/generator/calendar.h"
#include "tools/clustrctl/generator/patterns.h"
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

TEST(ShopTest, PatternsChangeNoFileWithoutTheFlagAndOnlyPurchasesWithIt) {
  const ShopOptions plain{.products = 60, .customers = 40, .baskets = 500};
  ShopOptions patterned = plain;
  patterned.patterns = true;
  const auto read = [](const ShopOptions& options, const char* file) {
    const std::string folder = ::testing::TempDir() + "/patterns_test";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    EXPECT_TRUE(WriteShop(options, folder, [](int64_t) {}).ok());
    std::stringstream content;
    content << std::ifstream(folder + "/" + file).rdbuf();
    return content.str();
  };
  for (const char* file : {"products.csv", "customers.csv", "timeframe.csv"}) {
    EXPECT_EQ(read(plain, file), read(patterned, file)) << file;
  }
  EXPECT_NE(read(plain, "sales.csv"), read(patterned, "sales.csv"));
  EXPECT_EQ(read(patterned, "sales.csv"), read(patterned, "sales.csv"));
  EXPECT_EQ(read(plain, "truth.json"), "");
  EXPECT_EQ(read(patterned, "truth.json").front(), '{');
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
  EXPECT_TRUE(refused({.products = 39, .patterns = true}));
  EXPECT_FALSE(refused({.products = 40, .patterns = true}));
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

class PatternsTest : public ::testing::Test {
 protected:
  static constexpr uint32_t kCustomers = 400;
  static constexpr int32_t kDays = 365;
  static constexpr int kBasketsPerDay = 60;

  struct Purchase {
    int32_t day;
    uint32_t customer;
    std::set<uint32_t> products;
  };

  PatternsTest() {
    BasketMaker maker(shop_, 4);
    Random random(9);
    PatternedBaskets patterns(truth_, shop_, kCustomers, random);
    std::vector<BasketLine> lines;
    for (int32_t day = 0; day < kDays; ++day) {
      for (int i = 0; i < kBasketsPerDay; ++i) {
        const uint32_t customer = random.Below(kCustomers);
        const Shopper shopper = {.age = 40, .visits = 1, .woman = customer % 2 == 0};
        maker.Draw(shopper, random, &lines);
        patterns.Follow(day, 1 + day * 12 / kDays, customer, shopper, random, &maker, &lines);
        Purchase purchase = {day, customer, {}};
        for (const BasketLine& line : lines) purchase.products.insert(line.product);
        EXPECT_FALSE(lines.empty());
        EXPECT_EQ(purchase.products.size(), lines.size());
        purchases_.push_back(purchase);
      }
    }
  }

  template <class Condition>
  double Count(Condition condition) const {
    return static_cast<double>(std::count_if(purchases_.begin(), purchases_.end(), condition));
  }

  Random assortment_random_{3};
  const Assortment shop_ = MakeAssortment(300, assortment_random_);
  Random truth_random_{4};
  const Truth truth_ = MakeTruth(shop_, kCustomers, kDays, truth_random_);
  std::vector<Purchase> purchases_;
};

TEST_F(PatternsTest, RolesAreDisjoint) {
  std::set<uint32_t> products;
  size_t total = 0;
  const auto add = [&](uint32_t product) {
    products.insert(product);
    ++total;
  };
  for (const auto& season : truth_.seasons) add(season.product);
  for (const auto& refill : truth_.refills) add(refill.product);
  for (const auto& launch : truth_.launches) add(launch.product);
  for (const auto& taste : truth_.tastes) add(taste.product);
  for (const auto& pair : truth_.substitutes) add(pair.first), add(pair.second);
  for (const auto& sequel : truth_.sequels) add(sequel.first), add(sequel.second);
  EXPECT_EQ(products.size(), total);
  EXPECT_EQ(truth_.seasons.size(), 14u);
}

TEST_F(PatternsTest, WhatIsTrueShowsInThePurchases) {
  const double n = static_cast<double>(purchases_.size());
  for (const auto& pair : truth_.substitutes) {
    const double a = Count([&](const auto& p) { return p.products.contains(pair.first); });
    const double b = Count([&](const auto& p) { return p.products.contains(pair.second); });
    const double both = Count([&](const auto& p) {
      return p.products.contains(pair.first) && p.products.contains(pair.second);
    });
    EXPECT_GT(b, 0.5 * a);
    EXPECT_LT(both, 2 * a * b / n + 5);
  }
  for (const auto& launch : truth_.launches) {
    EXPECT_EQ(Count([&](const auto& p) {
                return p.day < launch.day && p.products.contains(launch.product);
              }),
              0);
  }
  double in_season = 0;
  double off_season = 0;
  for (const auto& season : truth_.seasons) {
    for (const Purchase& p : purchases_) {
      if (!p.products.contains(season.product)) continue;
      const int distance = std::abs(1 + p.day * 12 / kDays - season.month);
      (std::min(distance, 12 - distance) <= 1 ? in_season : off_season) += 1;
    }
  }
  EXPECT_GT(in_season / 3, 3 * off_season / 9);
  double fitting = 0;
  double other = 0;
  for (const auto& taste : truth_.tastes) {
    for (const Purchase& p : purchases_) {
      if (!p.products.contains(taste.product)) continue;
      ((p.customer % 2 == 0) == taste.women ? fitting : other) += 1;
    }
  }
  EXPECT_GT(fitting, 4 * other);
}

TEST_F(PatternsTest, RefillsAndSequelsComeAfterTheirIntervals) {
  for (const auto& refill : truth_.refills) {
    std::map<uint32_t, std::vector<int32_t>> days;
    for (const Purchase& p : purchases_) {
      if (p.products.contains(refill.product)) days[p.customer].push_back(p.day);
    }
    double regular = 0;
    double all = 0;
    for (const auto& [customer, bought] : days) {
      if (bought.size() < 5) continue;
      for (size_t i = 1; i < bought.size(); ++i) {
        const int32_t gap = bought[i] - bought[i - 1];
        regular += gap >= refill.interval_days && gap <= refill.interval_days + 40;
        ++all;
      }
    }
    EXPECT_GT(regular, 0.5 * all) << refill.product;
    EXPECT_GT(all, 50) << refill.product;
  }
  for (const auto& sequel : truth_.sequels) {
    double after = 0;
    double before = 0;
    for (const Purchase& p : purchases_) {
      if (!p.products.contains(sequel.first)) continue;
      for (const Purchase& q : purchases_) {
        if (q.customer != p.customer || !q.products.contains(sequel.second)) continue;
        after += q.day >= p.day + sequel.gap_days && q.day <= p.day + 30;
        before += q.day <= p.day - sequel.gap_days && q.day >= p.day - 30;
      }
    }
    EXPECT_GT(after, before) << sequel.second;
  }
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
