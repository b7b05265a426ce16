#include "services/bundles/mining/measures/p_value.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace clustr::mining {
namespace {

// Pascal's triangle, exact in long double up to row 60 and to within 1e-17 above.
std::vector<std::vector<long double>> Binomials(size_t rows) {
  std::vector<std::vector<long double>> choose(rows + 1);
  for (size_t n = 0; n <= rows; ++n) {
    choose[n].assign(n + 1, 1);
    for (size_t k = 1; k < n; ++k) choose[n][k] = choose[n - 1][k - 1] + choose[n - 1][k];
  }
  return choose;
}

TEST(FisherPValueTest, EveryTableOfSmallShops) {
  const auto choose = Binomials(40);
  for (int64_t n = 0; n <= 40; ++n) {
    for (int64_t a = 0; a <= n; ++a) {
      for (int64_t b = 0; b <= n; ++b) {
        long double tail = 0;
        for (int64_t x = std::min(a, b); x >= std::max<int64_t>(0, a + b - n); --x) {
          tail += choose[a][x] * choose[n - a][b - x];
          const PValue p = FisherPValue({a, b, x, n});
          const double exact = static_cast<double>(tail / choose[n][b]);
          ASSERT_NEAR(p.value / exact, 1, 1e-11) << a << ' ' << b << ' ' << x << ' ' << n;
          ASSERT_NEAR(p.log, std::log(exact), 1e-11) << a << ' ' << b << ' ' << x << ' ' << n;
        }
      }
    }
  }
}

// Exact rational sums of binomial coefficients, computed independently with integers of any size.
TEST(FisherPValueTest, LargeShopsArePinned) {
  struct Pinned {
    RuleCounts counts;
    double value;
    double log;
  };
  for (const Pinned& pinned : {
           Pinned{{5, 5, 4, 10}, 1.031746031746032e-01, -2.2713325494899},
           Pinned{{2513, 1903, 736, 9835}, 1.443891554743753e-45, -103.2489872476746},
           Pinned{{500, 700, 60, 13795}, 3.863894342555506e-10, -21.6741753580232},
           Pinned{{500, 700, 20, 13795}, 8.917500028204836e-01, -0.1145694515803},
           Pinned{{50675, 42135, 24219, 88162}, 5.024577553697818e-01, -0.6882437114988},
           Pinned{{9999, 10000, 5000, 20000}, 0.5, -0.6931471805599},
           Pinned{{9999, 10000, 5300, 20000}, 1.052974150064811e-17, -39.0923278968946},
           Pinned{{300, 200, 1, 1000000}, 5.824956865621575e-02, -2.8430185916073},
           Pinned{{300, 200, 3, 1000000}, 3.360265469612076e-05, -10.3009054853030},
           Pinned{{20000, 30000, 601, 1000000}, 4.891376547179853e-01, -0.7151113266309},
           Pinned{{20000, 30000, 1500, 1000000}, 5.702880093404206e-224, -514.0380895038919},
       }) {
    const PValue p = FisherPValue(pinned.counts);
    EXPECT_NEAR(p.value / pinned.value, 1, 1e-9) << pinned.counts.count_ab;
    EXPECT_NEAR(p.log, pinned.log, 1e-9) << pinned.counts.count_ab;
  }
}

TEST(FisherPValueTest, RanksByLogarithmWhereTheValueUnderflows) {
  const PValue p = FisherPValue({50675, 42135, 29142, 88162});
  EXPECT_EQ(p.value, 0);
  EXPECT_NEAR(p.log, -2285.1710612607885, 1e-8);
  EXPECT_LT(FisherPValue({50675, 42135, 29143, 88162}).log, p.log);
}

TEST(FisherPValueTest, IsOneWhereNoFewerArePossible) {
  for (const RuleCounts counts :
       {RuleCounts{0, 0, 0, 0}, RuleCounts{3, 4, 0, 10}, RuleCounts{8, 7, 5, 10},
        RuleCounts{10, 10, 10, 10}, RuleCounts{0, 4, 0, 10}, RuleCounts{10, 4, 4, 10}}) {
    EXPECT_EQ(FisherPValue(counts).value, 1);
    EXPECT_EQ(FisherPValue(counts).log, 0);
  }
}

// Summed term by term in long double, which is precise to 1e-8 with ten million baskets.
TEST(FisherPValueTest, TenMillionBaskets) {
  const auto log_choose = [](int64_t n, int64_t k) {
    return std::lgamma(n + 1.0L) - std::lgamma(k + 1.0L) - std::lgamma(n - k + 1.0L);
  };
  const int64_t n = 10'000'000, a = 4'000'000, b = 3'000'000;
  for (const int64_t both : {1'195'000, 1'199'900, 1'200'001, 1'201'000, 1'210'000}) {
    long double tail = 0;
    for (int64_t x = both; x < 1'220'000; ++x) {
      tail += std::exp(log_choose(a, x) + log_choose(n - a, b - x) - log_choose(n, b));
    }
    EXPECT_NEAR(FisherPValue({a, b, both, n}).value / static_cast<double>(tail), 1, 1e-7) << both;
  }
}

TEST(FisherPValueTest, FallsAsTheSidesMeetMoreOften) {
  double before = 1;
  for (int64_t both = 1; both <= 900; ++both) {
    const PValue p = FisherPValue({900, 1100, both, 5000});
    ASSERT_LE(p.value, before) << both;
    ASSERT_GE(p.value, 0);
    before = p.value;
  }
}

}  // namespace
}  // namespace clustr::mining
