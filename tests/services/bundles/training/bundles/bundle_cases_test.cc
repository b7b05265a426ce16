#include "services/bundles/training/bundles/bundle_cases.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/training/bundles/bundle_baselines.h"
#include "tests/services/bundles/training/training_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

absl::Status Always() { return absl::OkStatus(); }

bool Holds(absl::Span<const ProductNumber> basket, absl::Span<const ProductNumber> items) {
  return std::includes(basket.begin(), basket.end(), items.begin(), items.end());
}

// All sets of `size` products in at least two of the first `end` baskets.
std::set<std::vector<ProductNumber>> SetsBefore(const Purchases& purchases, size_t end,
                                                size_t size) {
  std::map<std::vector<ProductNumber>, int> counts;
  for (size_t i = 0; i < end; ++i) {
    const auto basket = purchases.basket(i);
    for (size_t a = 0; a < basket.size(); ++a) {
      for (size_t b = a + 1; b < basket.size(); ++b) {
        if (size == 2) ++counts[{basket[a], basket[b]}];
        for (size_t c = b + 1; size == 3 && c < basket.size(); ++c) {
          ++counts[{basket[a], basket[b], basket[c]}];
        }
      }
    }
  }
  std::set<std::vector<ProductNumber>> sets;
  for (const auto& [set, count] : counts) {
    if (count >= 2) sets.insert(set);
  }
  return sets;
}

TEST(BundleCasesTest, EqualTheSlowTwin) {
  ForEachSeed(12, [](uint64_t seed) {
    const Purchases purchases = ReadBaskets(StructuredBaskets(seed, 120, 40, 14, 20));
    const size_t begin = 80;
    const size_t end = 110;
    const auto found = FindBundleCases(purchases, begin, end, 9, {}, Always);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->basket_count, begin);
    EXPECT_EQ(found->period_days, 9);

    std::set<std::vector<ProductNumber>> pairs;
    std::set<std::vector<ProductNumber>> triples;
    const int32_t newest = purchases.days[begin - 1];
    for (size_t i = 0; i < found->cases.size(); ++i) {
      const BundleCase& one = found->cases[i];
      ASSERT_EQ(one.size, i < found->pair_count ? 2u : 3u);
      (one.size == 2 ? pairs : triples).insert({one.items().begin(), one.items().end()});
      uint32_t count = 0;
      std::array<double, kHalfLives.size()> recent = {};
      std::array<uint32_t, kParts> later = {};
      for (size_t basket = 0; basket < end; ++basket) {
        if (!Holds(purchases.basket(basket), one.items())) continue;
        if (basket >= begin) {
          ++later[basket % kParts];
          continue;
        }
        ++count;
        for (size_t h = 0; h < recent.size(); ++h) {
          const double age = newest - purchases.days[basket];
          recent[h] += kHalfLives[h] == 0 ? 1 : std::exp2(-age / kHalfLives[h]);
        }
      }
      EXPECT_EQ(one.count, count);
      EXPECT_EQ(one.later, later);
      for (size_t h = 0; h < recent.size(); ++h) {
        EXPECT_NEAR(one.recent[h], recent[h], 1e-7);
        double chance = 0;
        double baskets = 0;
        std::vector<double> singles(one.size);
        for (size_t basket = 0; basket < begin; ++basket) {
          const double age = newest - purchases.days[basket];
          const double weight = kHalfLives[h] == 0 ? 1 : std::exp2(-age / kHalfLives[h]);
          baskets += weight;
          for (size_t k = 0; k < one.size; ++k) {
            if (Holds(purchases.basket(basket), one.items().subspan(k, 1))) singles[k] += weight;
          }
        }
        chance = baskets;
        for (const double single : singles) chance *= single / baskets;
        EXPECT_NEAR(found->EvidenceOf(one, h).chance, chance, 1e-6);
      }
    }
    EXPECT_EQ(pairs, SetsBefore(purchases, begin, 2));
    EXPECT_EQ(triples, SetsBefore(purchases, begin, 3));
  });
}

TEST(BundleCasesTest, LimitsKeepTheBundlesOfTheHighestCounts) {
  const Purchases purchases = ReadBaskets(StructuredBaskets(1, 400, 40, 14, 20));
  const auto all = FindBundleCases(purchases, 300, 400, 9, {}, Always);
  const auto few = FindBundleCases(purchases, 300, 400, 9, {20, 10}, Always);
  ASSERT_TRUE(all.ok() && few.ok());
  ASSERT_GT(all->pair_count, 20u);
  ASSERT_GT(few->pair_count, 0u);
  EXPECT_LE(few->pair_count, 20u);
  EXPECT_LE(few->cases.size() - few->pair_count, 10u);
  uint32_t least = UINT32_MAX;
  for (size_t i = 0; i < few->pair_count; ++i) least = std::min(least, few->cases[i].count);
  const auto as_frequent = std::count_if(
      all->cases.begin(), all->cases.begin() + static_cast<ptrdiff_t>(all->pair_count),
      [&](const BundleCase& one) { return one.count >= least; });
  EXPECT_EQ(static_cast<size_t>(as_frequent), few->pair_count);
}

TEST(BundleCasesTest, NothingInThePeriodInfluencesWhatIsCountedBefore) {
  std::vector<index::Basket> baskets = StructuredBaskets(4, 400, 50, 20, 30);
  const Purchases purchases = ReadBaskets(baskets);
  const size_t begin = purchases.CountBefore(kFirstDay + 40);
  for (size_t i = begin; i + 1 < baskets.size(); i += 2) {
    std::swap(baskets[i].product_skus, baskets[i + 1].product_skus);
    baskets[i].product_skus.push_back(1);
  }
  const Purchases changed = ReadBaskets(baskets);
  ASSERT_EQ(purchases.skus, changed.skus);
  const auto a = FindBundleCases(purchases, begin, purchases.size(), 10, {}, Always);
  const auto b = FindBundleCases(changed, begin, changed.size(), 10, {}, Always);
  ASSERT_TRUE(a.ok() && b.ok());
  ASSERT_EQ(a->cases.size(), b->cases.size());
  bool later_differs = false;
  for (size_t i = 0; i < a->cases.size(); ++i) {
    EXPECT_EQ(a->cases[i].products, b->cases[i].products);
    EXPECT_EQ(a->cases[i].count, b->cases[i].count);
    EXPECT_EQ(a->cases[i].recent, b->cases[i].recent);
    later_differs |= a->cases[i].later != b->cases[i].later;
    for (size_t h = 0; h < kHalfLives.size(); ++h) {
      EXPECT_EQ(a->EvidenceOf(a->cases[i], h).chance, b->EvidenceOf(b->cases[i], h).chance);
    }
  }
  EXPECT_TRUE(later_differs);
  const auto of_a = BundleBaselines(*a);
  const auto of_b = BundleBaselines(*b);
  for (size_t i = 0; i < of_a.size(); ++i) EXPECT_EQ(of_a[i].scores, of_b[i].scores);
}

TEST(BundleCasesTest, EndsWhenItIsNoLongerWanted) {
  const Purchases purchases = ReadBaskets(StructuredBaskets(1, 200, 40, 14, 20));
  const auto found =
      FindBundleCases(purchases, 150, 200, 9, {}, [] { return absl::CancelledError("enough"); });
  EXPECT_TRUE(absl::IsCancelled(found.status()));
}

TEST(BundleCasesTest, ShopsWithoutBundlesHaveNoCases) {
  std::vector<index::Basket> singles = StructuredBaskets(1, 100, 30, 40, 20);
  for (index::Basket& basket : singles) basket.product_skus.resize(1);
  const Purchases purchases = ReadBaskets(singles);
  EXPECT_EQ(FindBundleCases(purchases, 80, 100, 9, {}, Always)->cases.size(), 0u);
  EXPECT_EQ(FindBundleCases(purchases, 0, 100, 9, {}, Always)->cases.size(), 0u);
}

}  // namespace
}  // namespace clustr::training
