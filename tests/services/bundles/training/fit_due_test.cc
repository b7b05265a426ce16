#include "services/bundles/training/fit_due.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/bundles/products/due_products.h"
#include "tests/services/bundles/training/training_shop.h"

namespace clustr::training {
namespace {

using index::Basket;
using products::DueWeights;

absl::Status Always() { return absl::OkStatus(); }

// Customers who buy each of their products about every so many days: from 7 to 70, by customer.
std::vector<Basket> HabitualBaskets(uint64_t seed, int customers, int days) {
  std::mt19937_64 random(seed);
  std::vector<Basket> baskets;
  int64_t id = 0;
  for (int customer = 1; customer <= customers; ++customer) {
    const int interval = 7 * (1 + customer % 10);
    for (int product = 1; product <= 4; ++product) {
      for (double day = static_cast<double>(random() % interval); day < days;) {
        baskets.push_back({++id,
                           customer,
                           kFirstDay + static_cast<int32_t>(day),
                           "",
                           "",
                           {product + 4 * (customer % 5)}});
        day += interval * (0.6 + static_cast<double>(random() % 800) / 1000);
      }
    }
  }
  return baskets;
}

struct Week {
  double expected = 0;
  double bought = 0;
};

// What was expected in the week from `start` on, and what was bought, of the pairs of customers and
// products of which at least `least` and less than `most` was expected.
Week WeekFrom(const std::vector<Basket>& baskets, int32_t start, const DueWeights& weights,
              double least, double most) {
  std::map<std::pair<int64_t, int64_t>, std::set<int32_t>> days;
  for (const Basket& one : baskets) {
    days[{one.customer_id, one.product_skus[0]}].insert(one.epoch_day);
  }
  Week week;
  for (const auto& [pair, all] : days) {
    std::vector<int32_t> before;
    double bought = 0;
    for (const int32_t day : all) {
      if (day < start) before.push_back(day);
      if (day >= start && day < start + 7) ++bought;
    }
    if (before.empty()) continue;
    const double expected = products::DueWithinAWeek(before, start - 1, weights);
    if (expected < least || expected >= most) continue;
    week.expected += expected;
    week.bought += bought;
  }
  return week;
}

TEST(FitDueTest, ExpectsAsManyPurchasesAsComeInAWeekThatItHasNotSeen) {
  const std::vector<Basket> baskets = HabitualBaskets(1, 600, 300);
  const Purchases purchases = ReadBaskets(baskets);
  const int32_t start = kFirstDay + 280;
  const Learned learned(purchases, purchases.CountBefore(start), start);
  const auto weights = FitDue(learned, Always);
  ASSERT_TRUE(weights.ok());
  const Week all = WeekFrom(baskets, start, *weights, 0, 1e9);
  ASSERT_GT(all.bought, 300);
  EXPECT_NEAR(all.expected / all.bought, 1, 0.1);
  const Week guessed = WeekFrom(baskets, start, {}, 0, 1e9);
  EXPECT_GT(std::abs(guessed.expected / guessed.bought - 1),
            std::abs(all.expected / all.bought - 1));
  for (const auto& [least, most] : {std::pair(0.0, 0.2), {0.2, 0.5}, {0.5, 1e9}}) {
    const Week part = WeekFrom(baskets, start, *weights, least, most);
    EXPECT_NEAR(part.expected, part.bought, 0.2 * part.bought + 3 * std::sqrt(part.bought))
        << least << " to " << most;
  }
}

TEST(FitDueTest, SeesNothingAfterItsDay) {
  std::vector<Basket> baskets = HabitualBaskets(2, 100, 200);
  const int32_t day = kFirstDay + 150;
  const Purchases purchases = ReadBaskets(baskets);
  const auto before = FitDue(Learned(purchases, purchases.CountBefore(day), day), Always);
  for (Basket& one : baskets) {
    if (one.epoch_day >= day) one.customer_id = 1 + one.transaction_id % 7;
  }
  const Purchases changed = ReadBaskets(baskets);
  const auto after = FitDue(Learned(changed, changed.CountBefore(day), day), Always);
  EXPECT_EQ(*before, *after);
}

TEST(FitDueTest, KeepsTheDefaultsWhereNothingIsBoughtAgain) {
  std::vector<Basket> baskets = HabitualBaskets(3, 50, 100);
  for (Basket& one : baskets) one.customer_id = one.transaction_id;
  const Purchases strangers = ReadBaskets(baskets);
  EXPECT_EQ(*FitDue(Learned(strangers, strangers.size(), kFirstDay + 100), Always), DueWeights());
  const Purchases none;
  EXPECT_EQ(*FitDue(Learned(none, 0, kFirstDay), Always), DueWeights());
  EXPECT_TRUE(absl::IsCancelled(FitDue(Learned(strangers, strangers.size(), kFirstDay + 100), [] {
                                  return absl::CancelledError("enough");
                                }).status()));
}

}  // namespace
}  // namespace clustr::training
