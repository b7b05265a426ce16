#include "services/bundles/training/train_products.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/products/product_scorer.h"
#include "services/bundles/training/evaluation.h"
#include "services/bundles/training/tuning.h"
#include "tests/services/bundles/training/training_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::training {
namespace {

using index::Basket;
using ::testing::Each;
using ::testing::HasSubstr;

absl::Status Always() { return absl::OkStatus(); }
void Ignore(const char*, int) {}

absl::StatusOr<TrainedProducts> Train(const std::vector<Basket>& baskets, uint64_t seed = 0) {
  TrainingOptions options;
  options.seed = seed;
  return TrainProducts(ReadBaskets(baskets), options, Always, Ignore);
}

double Ndcg(const TaskResult& result, const std::string& name) {
  for (const MeasuredCandidate& one : result.candidates) {
    if (one.name == name) return one.measures.ndcg.value;
  }
  ADD_FAILURE() << "no candidate " << name;
  return 0;
}

TEST(TrainProductsTest, FindsTheStructureOfTheShop) {
  const auto trained = Train(StructuredBaskets(1, 2'000, 100, 80, 60));
  ASSERT_TRUE(trained.ok()) << trained.status();
  EXPECT_TRUE(products::ValidateModel(trained->model));
  EXPECT_EQ(trained->split_day, kFirstDay + 80);
  EXPECT_EQ(trained->model.reference_day, kFirstDay + 100);
  EXPECT_GT(trained->completion.case_count, 200u);
  EXPECT_EQ(trained->next_basket.case_count, 60u);
  EXPECT_GT(Ndcg(trained->completion, trained->completion.champion),
            2 * Ndcg(trained->completion, "popularity"));
  EXPECT_GT(Ndcg(trained->next_basket, trained->next_basket.champion),
            2 * Ndcg(trained->next_basket, "popularity"));
}

// Products are bought at random, so every advantage is noise. By the mean alone the line served all
// of these.
TEST(TrainProductsTest, LineServesNobodyByNoise) {
  for (const uint64_t seed : {4, 5, 7}) {
    std::mt19937_64 random(seed);
    std::vector<Basket> baskets;
    for (int64_t id = 1; id <= 1'500; ++id) {
      Basket& basket = baskets.emplace_back();
      basket.transaction_id = id;
      basket.customer_id = 1 + static_cast<int64_t>(random() % 150);
      basket.epoch_day = kFirstDay + static_cast<int32_t>(id * 100 / 1'501);
      for (int64_t sku = 1; sku <= 40; ++sku) {
        if (random() % 10 == 0) basket.product_skus.push_back(sku);
      }
      if (basket.product_skus.empty()) basket.product_skus.push_back(1);
    }
    const auto trained = Train(baskets, seed);
    ASSERT_TRUE(trained.ok()) << trained.status();
    EXPECT_FALSE(trained->settings.next_basket_line.empty()) << "it is a candidate";
    EXPECT_NE(trained->next_basket.champion, kLine) << seed;
  }
}

TEST(TrainProductsTest, SameBasketsAndSeedGiveTheSameModelInAnyOrder) {
  std::vector<Basket> baskets = StructuredBaskets(2, 800, 50, 40, 30);
  const auto first = Train(baskets, 7);
  std::mt19937_64 random(3);
  std::shuffle(baskets.begin(), baskets.end(), random);
  const auto second = Train(baskets, 7);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->model, second->model);
  EXPECT_EQ(Ndcg(first->completion, "blend"), Ndcg(second->completion, "blend"));
}

TEST(TrainProductsTest, AnyNumberOfThreadsGivesTheSameModelAndMeasures) {
  const Purchases purchases = ReadBaskets(StructuredBaskets(2, 1'200, 50, 40, 60));
  const auto one = TrainProducts(purchases, {}, Always, Ignore);
  ASSERT_TRUE(one.ok());
  for (const size_t threads : {2, 3, 8}) {
    TrainingOptions options;
    options.threads = threads;
    const auto several = TrainProducts(purchases, options, Always, Ignore);
    ASSERT_TRUE(several.ok());
    EXPECT_EQ(one->model, several->model);
    for (const auto task : {&TrainedProducts::completion, &TrainedProducts::next_basket}) {
      const TaskResult& a = (*one).*task;
      const TaskResult& b = (*several).*task;
      ASSERT_EQ(a.candidates.size(), b.candidates.size());
      for (size_t i = 0; i < a.candidates.size(); ++i) {
        EXPECT_EQ(a.candidates[i].measures.ndcg_by_case, b.candidates[i].measures.ndcg_by_case);
        EXPECT_EQ(a.candidates[i].measures.quality_by_case,
                  b.candidates[i].measures.quality_by_case);
        EXPECT_EQ(a.candidates[i].measures.coverage, b.candidates[i].measures.coverage);
      }
    }
  }
}

TEST(TrainProductsTest, LinksAreFittedOnceAndAreThoseOfAnotherFitter) {
  const Purchases purchases = ReadBaskets(StructuredBaskets(2, 400, 50, 40, 30));
  const Learned learned(purchases, purchases.size(), kFirstDay + 50);
  const TrainingLimits limits;
  const Wanted always = Always;
  LinkFitter fitter(learned, limits, always);
  LinkFitter other(learned, limits, always);
  const auto lift = fitter.Rule(RuleMeasure::kLift);
  const auto linear = fitter.Linear(0, 60);
  ASSERT_TRUE(lift.ok() && linear.ok());
  EXPECT_NE(**lift, **fitter.Rule(RuleMeasure::kConfidence));
  EXPECT_NE(**linear, **fitter.Linear(0, 10));
  EXPECT_NE(**linear, **fitter.Linear(0.5, 60));
  EXPECT_NE(**fitter.OfBaskets(), **fitter.OfCustomers());
  EXPECT_EQ(*lift, *fitter.Rule(RuleMeasure::kLift)) << "the same object";
  EXPECT_EQ(*linear, *fitter.Linear(0, 60)) << "the same object";
  EXPECT_EQ(**linear, **other.Linear(0, 60));
  Settings settings;
  settings.regularisation = 60;
  settings.size_exponent = 0;
  EXPECT_EQ(*fitter.Blended(settings), **linear);

  const Wanted never = [] { return absl::CancelledError("enough"); };
  LinkFitter stopped(learned, limits, never);
  EXPECT_TRUE(absl::IsCancelled(stopped.OfBaskets().status()));
  EXPECT_TRUE(absl::IsCancelled(stopped.Blended(settings).status()));
}

// Exchanges the products of the baskets from the split on, and their customers.
std::vector<Basket> WithShuffledFuture(std::vector<Basket> baskets, int32_t split_day) {
  std::vector<Basket*> future;
  for (Basket& basket : baskets) {
    if (basket.epoch_day >= split_day) future.push_back(&basket);
  }
  std::mt19937_64 random(5);
  for (size_t i = future.size(); i > 1; --i) {
    std::swap(future[i - 1]->product_skus, future[random() % i]->product_skus);
    std::swap(future[i - 1]->customer_id, future[random() % i]->customer_id);
  }
  return baskets;
}

TEST(TrainProductsTest, NothingAfterTheSplitInfluencesWhatIsLearnedBefore) {
  const std::vector<Basket> baskets = StructuredBaskets(4, 800, 50, 40, 30);
  const int32_t split_day = kFirstDay + 40;
  const Purchases purchases = ReadBaskets(baskets);
  const Purchases shuffled = ReadBaskets(WithShuffledFuture(baskets, split_day));
  ASSERT_EQ(purchases.skus, shuffled.skus);
  const size_t split = purchases.CountBefore(split_day);
  const Learned a(purchases, split, split_day);
  const Learned b(shuffled, split, split_day);
  EXPECT_EQ(FrameOf(a), FrameOf(b));
  const TrainingLimits limits;
  const Wanted always = Always;
  LinkFitter of_a(a, limits, always);
  LinkFitter of_b(b, limits, always);
  for (const char* name : {"lift", "confidence", "item_knn", "ease", "blend", "ranker"}) {
    EXPECT_EQ(FitCompletion(&of_a, name, {})->task, FitCompletion(&of_b, name, {})->task) << name;
  }
  for (const char* name : {"own_frequency", "similar_customers", "blend", "line"}) {
    EXPECT_EQ(FitNextBasket(&of_a, name, {})->task, FitNextBasket(&of_b, name, {})->task) << name;
  }
  for (uint32_t customer = 0; customer < 30; ++customer) {
    EXPECT_EQ(a.histories.BasketCount(customer), b.histories.BasketCount(customer));
  }
}

// The ranker is learned on the days before the split, and what it says of a case depends on nothing
// later.
TEST(TrainProductsTest, RankerSaysTheSameWhateverTheFutureHolds) {
  const std::vector<Basket> baskets = StructuredBaskets(4, 1'500, 50, 40, 30);
  const int32_t split_day = kFirstDay + 40;
  std::vector<std::vector<float>> answers;
  for (const std::vector<Basket>& some : {baskets, WithShuffledFuture(baskets, split_day)}) {
    const Purchases purchases = ReadBaskets(some);
    const auto trained = Train(some);
    ASSERT_TRUE(trained.ok());
    ASSERT_FALSE(trained->settings.completion_trees.roots.empty());
    const Learned learned(purchases, purchases.CountBefore(split_day), split_day);
    const TrainingLimits limits;
    const Wanted always = Always;
    LinkFitter fitter(learned, limits, always);
    const auto ranker = FitCompletion(&fitter, kRanker, trained->settings);
    ASSERT_TRUE(ranker.ok());
    const products::ProductModel frame = FrameOf(learned);
    const products::ProductScorer scorer(frame, ranker->task);
    const TestPeriod period = {{}, learned.histories, split_day, learned.guest_baskets};
    products::ProductScorer::Scratch scratch;
    for (uint32_t customer = 0; customer < 30; ++customer) {
      const CustomerEvidence known = EvidenceOf(ranker->task, period, customer);
      const std::vector<ProductNumber> basket = {customer, customer + 3};
      scorer.Score({basket, known.own, &known.history}, &scratch, &answers.emplace_back());
    }
  }
  ASSERT_EQ(answers.size(), 60u);
  for (size_t i = 0; i < 30; ++i) EXPECT_EQ(answers[i], answers[i + 30]) << i;
}

TEST(TrainProductsTest, HeavyCustomerIsAGuestAndHasNoHistory) {
  std::vector<Basket> baskets = StructuredBaskets(6, 2'000, 50, 40, 400);
  for (size_t i = 0; i < baskets.size(); i += 5) baskets[i].customer_id = 99'999;
  const Purchases purchases = ReadBaskets(baskets);
  const CustomerHistories histories(purchases, purchases.size());
  EXPECT_EQ(histories.GuestBaskets(), 400u);
  const auto trained = Train(baskets);
  ASSERT_TRUE(trained.ok());
  EXPECT_EQ(trained->model.guest_baskets, 400u);
  const Purchases few = ReadBaskets(StructuredBaskets(6, 400, 50, 40, 3));
  EXPECT_EQ(CustomerHistories(few, few.size()).GuestBaskets(), 1'000u)
      << "three customers with more than a hundred baskets each";
}

TEST(TrainProductsTest, WhoHasAllBasketsOfAShopIsAGuestFromAHundredOn) {
  const Purchases shop = ReadBaskets(StructuredBaskets(6, 300, 50, 40, 1));
  EXPECT_EQ(CustomerHistories(shop, shop.size()).GuestBaskets(), 300u);
  const Purchases person = ReadBaskets(StructuredBaskets(6, 99, 50, 40, 1));
  EXPECT_EQ(CustomerHistories(person, person.size()).GuestBaskets(), 1'000u);
}

TEST(TrainProductsTest, NobodyMakesAThousandPurchases) {
  // Each of two has half of the baskets, so that neither stands out.
  const Purchases purchases = ReadBaskets(StructuredBaskets(6, 2'100, 50, 40, 2));
  const CustomerHistories histories(purchases, purchases.size());
  EXPECT_EQ(histories.GuestBaskets(), 1'000u);
  for (uint32_t customer = 0; customer < 2; ++customer) {
    EXPECT_GE(histories.BasketCount(customer), 1'000u);
    EXPECT_TRUE(histories.IsGuest(customer, histories.GuestBaskets()));
  }
}

TEST(TrainProductsTest, NothingAfterTheSplitInfluencesTheChoice) {
  const std::vector<Basket> baskets = StructuredBaskets(4, 1'500, 50, 40, 30);
  const auto trained = Train(baskets);
  const auto shuffled = Train(WithShuffledFuture(baskets, kFirstDay + 40));
  ASSERT_TRUE(trained.ok() && shuffled.ok());
  ASSERT_EQ(trained->split_day, kFirstDay + 40);
  EXPECT_NE(Ndcg(trained->completion, "ease"), Ndcg(shuffled->completion, "ease"))
      << "what is measured does change";
  EXPECT_EQ(trained->completion.champion, shuffled->completion.champion);
  EXPECT_EQ(trained->next_basket.champion, shuffled->next_basket.champion);
  EXPECT_EQ(trained->settings.completion, shuffled->settings.completion);
  EXPECT_EQ(trained->settings.next_basket, shuffled->settings.next_basket);
  EXPECT_FALSE(trained->settings.completion_trees.roots.empty());
  EXPECT_EQ(trained->settings.completion_trees, shuffled->settings.completion_trees);
  EXPECT_FALSE(trained->settings.next_basket_line.empty());
  EXPECT_EQ(trained->settings.next_basket_line, shuffled->settings.next_basket_line);
}

// Tuning starts with what own frequency does, and keeps only what raises the mean of the measures.
TEST(TuneWeightsTest, RanksTheNextBasketNoWorseThanOwnFrequency) {
  ForEachSeed(8, [](uint64_t seed) {
    const Purchases purchases = ReadBaskets(StructuredBaskets(seed, 500, 50, 40, 60));
    const int32_t day = kFirstDay + 40;
    const Learned learned(purchases, purchases.CountBefore(day), day);
    const TestCases cases = FindTestCases(purchases, learned.end, purchases.size(),
                                          learned.histories, learned.guest_baskets, seed, 4'000);
    const TestPeriod period = {cases, learned.histories, day, learned.guest_baskets};
    const TrainingLimits limits;
    const Wanted wanted = Always;
    LinkFitter fitter(learned, limits, wanted);
    const auto quality = [&](const products::TaskModel& task) {
      const products::ProductModel frame = FrameOf(learned);
      const RankingMeasures measured =
          *MeasureNextBasket(products::ProductScorer(frame, task), false, period, wanted);
      return measured.quality();
    };
    products::TaskModel completion = FitCompletion(&fitter, kBlend, {})->task;
    products::TaskModel blend = FitNextBasket(&fitter, kBlend, {})->task;
    ASSERT_TRUE(TuneWeights(learned, period, wanted, &completion, &blend).ok());
    EXPECT_GE(quality(blend), quality(FitNextBasket(&fitter, "own_frequency", {})->task));
  });
}

// Beside three purchases, single precision rounded the weight of popularity away.
TEST(FitNextBasketTest, WhatWasBoughtEquallyOftenIsOrderedByWhatSellsNow) {
  std::vector<Basket> baskets;
  for (int64_t id = 1; id <= 43; ++id) {
    Basket& basket = baskets.emplace_back();
    basket.transaction_id = id;
    basket.customer_id = id <= 3 ? 1 : id;
    basket.epoch_day = kFirstDay;
    if (id <= 3 || id % 20 != 0) basket.product_skus.push_back(1);
    basket.product_skus.push_back(2);
  }
  const Purchases purchases = ReadBaskets(baskets);
  const Learned learned(purchases, purchases.size(), kFirstDay + 1);
  ASSERT_LT(learned.totals.recent[0], learned.totals.recent[1]);
  const Wanted wanted = Always;
  LinkFitter fitter(learned, {}, wanted);
  const auto own_frequency = FitNextBasket(&fitter, "own_frequency", {});
  ASSERT_TRUE(own_frequency.ok());
  const products::ProductModel frame = FrameOf(learned);
  products::ProductScorer::Scratch scratch;
  std::vector<float> scores;
  const std::vector<products::OwnProduct> own = {{0, 3}, {1, 3}};
  products::ProductScorer(frame, own_frequency->task).Score({{}, own}, &scratch, &scores);
  EXPECT_LT(scores[0], scores[1]);
}

TEST(TrainProductsTest, WhomCatalogCallsAGuestHasNoHistory) {
  std::vector<Basket> baskets = StructuredBaskets(8, 300, 50, 40, 20);
  index::ShopIndex shop;
  for (const Basket& basket : baskets) shop.PutBasket(basket);
  index::Customer till;
  till.guest = true;
  shop.PutCustomer(3, till);
  const Purchases purchases = ReadPurchases(*shop.Publish());
  const CustomerHistories histories(purchases, purchases.size());
  const auto is_guest = [&](uint32_t customer) {
    return histories.IsGuest(customer, histories.GuestBaskets());
  };
  std::vector<uint32_t> guests;
  for (uint32_t customer = 0; customer < purchases.customer_count; ++customer) {
    if (is_guest(customer)) guests.push_back(customer);
  }
  ASSERT_EQ(guests.size(), 1u);
  const uint32_t number = guests[0];
  const Basket& first = *std::find_if(baskets.begin(), baskets.end(),
                                      [](const Basket& one) { return one.customer_id == 3; });
  EXPECT_EQ(purchases.customers[first.transaction_id - 1], number);
  EXPECT_EQ(SetsOfCustomers(purchases, histories, UINT32_MAX).size(),
            purchases.customer_count - 1u);
  const size_t split = purchases.CountBefore(kFirstDay + 25);
  const CustomerHistories before(purchases, split);
  const TestCases cases =
      FindTestCases(purchases, split, purchases.size(), before, UINT32_MAX, 0, 4'000);
  EXPECT_EQ(cases.next_basket.size(), purchases.customer_count - 1u);
  for (const NextBasketCase& one : cases.next_basket) EXPECT_NE(one.customer, number);
}

TEST(TrainProductsTest, GuestsThatCatalogNamesDoNotHideAnother) {
  std::vector<Basket> baskets = StructuredBaskets(6, 4'000, 50, 40, 400);
  for (size_t i = 0; i < baskets.size(); i += 5) baskets[i].customer_id = 99'999;
  for (size_t i = 1; i < baskets.size(); i += 2) baskets[i].customer_id = 88'888;
  index::ShopIndex shop;
  for (const Basket& basket : baskets) shop.PutBasket(basket);
  index::Customer till;
  till.guest = true;
  shop.PutCustomer(88'888, till);
  const Purchases purchases = ReadPurchases(*shop.Publish());
  EXPECT_EQ(CustomerHistories(purchases, purchases.size()).GuestBaskets(), 400u);
}

TEST(TrainProductsTest, ReportsProgressThatNeverFalls) {
  int last = 0;
  const auto trained = TrainProducts(ReadBaskets(StructuredBaskets(1, 500, 50, 20, 10)), {}, Always,
                                     [&](const char* phase, int percent) {
                                       EXPECT_GE(percent, last) << phase;
                                       last = percent;
                                     });
  ASSERT_TRUE(trained.ok());
  EXPECT_EQ(last, 100);
}

TEST(TrainProductsTest, StopsWhenItIsNoLongerWanted) {
  int calls = 0;
  const Purchases purchases = ReadBaskets(StructuredBaskets(1, 500, 50, 20, 10));
  const auto trained = TrainProducts(
      purchases, {},
      [&] { return ++calls > 5 ? absl::CancelledError("enough") : absl::OkStatus(); }, Ignore);
  EXPECT_TRUE(absl::IsCancelled(trained.status()));
  EXPECT_EQ(calls, 6);
}

TEST(TrainProductsTest, TooFewBasketsAreRefusedWithTheRemedy) {
  EXPECT_EQ(Train({}).status().code(), absl::StatusCode::kFailedPrecondition);
  const auto few = Train(StructuredBaskets(1, 30, 10, 10, 5));
  EXPECT_EQ(few.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(few.status().message()), HasSubstr("import or record more purchases"));
  const auto one_day = Train(StructuredBaskets(1, 500, 1, 10, 5));
  EXPECT_EQ(one_day.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(TrainProductsTest, OddShopsGiveValidModels) {
  const auto check = [](const char* what, const std::vector<Basket>& baskets) {
    const auto trained = Train(baskets);
    ASSERT_TRUE(trained.ok()) << what << ": " << trained.status();
    EXPECT_TRUE(products::ValidateModel(trained->model)) << what;
    const products::ProductScorer scorer(trained->model, trained->model.completion);
    products::ProductScorer::Scratch scratch;
    std::vector<float> scores;
    scorer.Score({{0}, {}}, &scratch, &scores);
    EXPECT_THAT(scores, Each(::testing::Truly([](float score) { return std::isfinite(score); })))
        << what;
  };
  check("two products", StructuredBaskets(1, 300, 30, 2, 20));
  check("one product", StructuredBaskets(1, 300, 30, 1, 20));
  check("one customer", StructuredBaskets(1, 300, 30, 40, 1));
  std::vector<Basket> equal = StructuredBaskets(1, 300, 30, 40, 20);
  for (Basket& basket : equal) basket.product_skus = {1, 2, 3};
  check("equal baskets", equal);
  std::vector<Basket> strangers = StructuredBaskets(1, 300, 30, 40, 20);
  for (Basket& basket : strangers) basket.customer_id = basket.transaction_id;
  check("no customer comes back", strangers);
  std::vector<Basket> singles = StructuredBaskets(1, 300, 30, 40, 20);
  for (Basket& basket : singles) basket.product_skus.resize(1);
  check("one product per basket", singles);
  std::vector<Basket> huge = StructuredBaskets(1, 300, 30, 40, 20);
  for (int64_t sku = 1; sku <= 10'000; ++sku) huge[100].product_skus.push_back(sku);
  check("a basket of 10,000 products", huge);
}

}  // namespace
}  // namespace clustr::training
