// How long a training computes without looking whether it is still wanted. It runs with the lowest
// priority, so on a busy machine each second of computing takes a minute, in which nobody can end
// it.

#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "services/bundles/training/bundles/train_bundles.h"
#include "services/bundles/training/train_products.h"
#include "tests/services/bundles/training/training_shop.h"

namespace clustr::training {
namespace {

// A tenth of a second, and as much again for a machine that is slower than the one at hand.
constexpr double kLongSeconds = 0.2;
// XGBoost sorts all rows before the first tree, for about half a second, and cannot be interrupted.
// A training of products has it do so three times.
constexpr int kMaxLong = 3;

// Processor time of this thread, which does not depend on what else the machine does.
double ComputedSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Measures the longest time between two looks.
class Looks {
 public:
  Wanted wanted() {
    return [this] {
      Look();
      return absl::OkStatus();
    };
  }
  void Look() {
    const double now = ComputedSeconds();
    if (now - last_ > kLongSeconds) ++long_count_;
    if (now - last_ > longest_) {
      longest_ = now - last_;
      phase_of_longest_ = phase_;
    }
    last_ = now;
    ++count_;
  }
  void Enter(const std::string& phase) { phase_ = phase; }
  int long_count() const { return long_count_; }

  void Print(const char* what) const {
    std::cout << what << ": looked " << count_ << " times in " << last_ - first_
              << " s, at the longest after " << longest_ << " s, in \"" << phase_of_longest_
              << "\"\n";
  }

 private:
  const double first_ = ComputedSeconds();
  double last_ = first_;
  double longest_ = 0;
  int long_count_ = 0;
  int count_ = 0;
  std::string phase_;
  std::string phase_of_longest_;
};

int Baskets() { return std::getenv("CLUSTR_LONG") != nullptr ? 100'000 : 30'000; }

TEST(PausesTest, ATrainingOfProductsLooksOften) {
  const Purchases purchases = ReadBaskets(StructuredBaskets(1, Baskets(), 200, 2'000, 20'000));
  Looks looks;
  const auto trained = TrainProducts(purchases, {}, looks.wanted(),
                                     [&](const char* phase, int) { looks.Enter(phase); });
  looks.Look();
  EXPECT_TRUE(trained.ok()) << trained.status();
  looks.Print("products");
  EXPECT_LE(looks.long_count(), kMaxLong);
}

TEST(PausesTest, ATrainingOfBundlesLooksOften) {
  const Purchases purchases = ReadBaskets(StructuredBaskets(1, Baskets(), 200, 2'000, 20'000));
  Looks looks;
  const auto trained =
      TrainBundles(purchases, kFirstDay + 128, kFirstDay + 160, {}, looks.wanted());
  looks.Look();
  EXPECT_TRUE(trained.ok()) << trained.status();
  looks.Print("bundles");
  EXPECT_EQ(looks.long_count(), 0);
}

}  // namespace
}  // namespace clustr::training
