#include "services/bundles/products/trained_search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/shop_index.h"
#include "services/bundles/products/due_products.h"
#include "services/bundles/products/model_bytes.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::products {
namespace {

using index::ModelShop;
using index::Population;
using index::RandomShop;
using index::Selection;
using index::ShopIndex;
using scoring::ProductIntent;
using scoring::ProductQuery;
using scoring::ScoredProduct;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A random shop, a model of some of its products (and of some that it lacks), and the same as maps.
struct Case {
  explicit Case(uint64_t seed) : random(seed), models(seed) {
    for (int64_t sku = 995; sku <= 1000; ++sku) shop.Put(index, sku, random.MakeProduct());
    for (int i = 0; i < 80; ++i) random.Change(shop, index, 30, 12);
    ProductModel plain = models.Model(12, 988);
    plain.reference_day = 2;
    if (random.OneIn(3)) plain.guest_baskets = 4;
    model = std::make_unique<ServedModel>(std::move(plain));
    snapshot = index.Publish();
  }

  // What the customer bought, by SKU, with the days of the baskets.
  std::map<int64_t, std::vector<int32_t>> Bought(int64_t customer) const {
    std::map<int64_t, std::vector<int32_t>> bought;
    uint32_t baskets = 0;
    for (const auto& [id, basket] : shop.baskets) {
    if (shop.IsGuest(customer)) return bought;
      if (basket.customer_id != customer || basket.product_skus.empty()) continue;
      ++baskets;
      const std::set<int64_t> skus(basket.product_skus.begin(), basket.product_skus.end());
      for (const int64_t sku : skus) bought[sku].push_back(basket.epoch_day);
    }
    if (baskets >= model->model().guest_baskets) return {};
    return bought;
  }

  RandomShop random;
  RandomModel models;
  ModelShop shop;
  ShopIndex index;
  std::unique_ptr<ServedModel> model;
  std::shared_ptr<const index::Snapshot> snapshot;
};

struct Expected {
  double score = 0;
  int64_t count = 0;
  int64_t sku = 0;
};

std::optional<ProductNumber> NumberOf(const ProductModel& model, int64_t sku) {
  const auto it = std::find(model.skus.begin(), model.skus.end(), sku);
  if (it == model.skus.end()) return std::nullopt;
  return static_cast<ProductNumber>(it - model.skus.begin());
}

// The answer by definition, from the maps; scores come from ProductScorer, which has its own test.
std::optional<std::vector<Expected>> PlainAnswer(const Case& c, const Population& population,
                                                 const std::set<int64_t>& basket,
                                                 std::optional<int64_t> customer,
                                                 ProductIntent intent) {
  const ProductModel& model = c.model->model();
  std::vector<ProductNumber> numbers;
  if (intent != ProductIntent::kNextBasket) {
    for (const int64_t sku : basket) {
      if (const auto number = NumberOf(model, sku)) numbers.push_back(*number);
    }
  }
  const TaskModel& task = numbers.empty() ? model.next_basket : model.completion;
  std::vector<OwnProduct> own;
  std::set<int64_t> bought;
  if (customer) {
    for (const auto& [sku, days] : c.Bought(*customer)) {
      bought.insert(sku);
      OwnProduct entry = {0, 0};
      for (const int32_t day : days) {
        entry.times += DecayOf(model.reference_day - day, task.weights.own_half_life_days);
      }
      if (const auto number = NumberOf(model, sku)) own.push_back({*number, entry.times});
    }
  }
  if (numbers.empty() && own.empty()) return std::nullopt;
  std::vector<float> scores;
  ProductScorer::Scratch scratch;
  ProductScorer(model, task).Score({numbers, own}, &scratch, &scores);

  const auto selected = c.shop.Select(population);
  const auto everything = c.shop.Select({});
  const double share =
      static_cast<double>(selected.size()) / static_cast<double>(everything.size());
  std::vector<Expected> answer;
  for (const auto& [sku, product] : c.shop.products) {
    if (basket.contains(sku) || !product.in_stock) continue;
    const auto number = NumberOf(model, sku);
    if (intent == ProductIntent::kDiscover && number && bought.contains(sku)) continue;
    const double count = static_cast<double>(ModelShop::Count(selected, {sku}));
    double score = number ? scores[*number] : 0;
    if (score > 0 && population != Population() && !selected.empty()) {
      const double all = static_cast<double>(ModelShop::Count(everything, {sku}));
      score *= (count + kShareBaskets * share) / (all + kShareBaskets) / share;
    }
    answer.push_back({score, static_cast<int64_t>(count), sku});
  }
  std::sort(answer.begin(), answer.end(), [](const Expected& a, const Expected& b) {
    return std::make_tuple(-a.score, -a.count, a.sku) < std::make_tuple(-b.score, -b.count, b.sku);
  });
  return answer;
}

TEST(TrainedSearchTest, AgreesWithItsDefinition) {
  ForEachSeed(150, [](uint64_t seed) {
    Case c(seed);
    for (int repeat = 0; repeat < 8; ++repeat) {
      const Population population = c.random.OneIn(2) ? Population() : c.random.MakePopulation();
      const Selection selection = Select(*c.snapshot, population);
      const auto counts = CountItems(*c.snapshot, selection);
      std::set<int64_t> basket;
      ProductQuery query;
      for (int64_t i = c.random.Number(0, 3); i > 0; --i) {
        const auto item = c.snapshot->item_of(c.random.Sku(13));
        if (item && basket.insert(c.snapshot->sku_of(*item)).second) query.basket.push_back(*item);
      }
      if (!c.random.OneIn(3)) query.customer_id = c.random.Number(1, 14);
      query.basket_is_history = query.basket.empty() && query.customer_id;
      query.limit = static_cast<size_t>(c.random.Number(1, 12));
      query.intent = c.random.OneIn(3) && query.customer_id ? ProductIntent::kDiscover
                     : c.random.OneIn(3)                    ? ProductIntent::kNextBasket
                                                            : ProductIntent::kBasket;
      const auto got = RecommendTrained(*c.model, *c.snapshot, selection, counts, query);
      const auto expected = PlainAnswer(c, population, basket, query.customer_id, query.intent);
      ASSERT_EQ(got.has_value(), expected.has_value());
      if (!got) continue;
      ASSERT_EQ(got->size(), std::min(query.limit, expected->size()));
      for (size_t i = 0; i < got->size(); ++i) {
        const ScoredProduct& product = (*got)[i];
        ASSERT_NEAR(product.score, (*expected)[i].score,
                    1e-5 * (1 + std::abs((*expected)[i].score)));
        ASSERT_LE(product.because.size(), 3u);
        const bool few = population != Population() && !selection.everything &&
                         selection.basket_count < kMinPopulationBaskets;
        ASSERT_EQ(product.basis == scoring::Basis::kAllBaskets, few);
        if (i > 0) {
          ASSERT_GE((*got)[i - 1].score, product.score);
        }
      }
    }
  });
}

TEST(TrainedSearchTest, BuyAgainOffersWhatIsDue) {
  ShopIndex index;
  RandomModel models(1);
  ProductModel model = models.Model(3, 1);
  model.skus = {1, 2, 3};
  model.reference_day = 101;
  for (const int64_t sku : {1, 2, 3}) index.PutProduct(sku, {});
  for (int32_t day = 10; day <= 90; day += 20) index.PutBasket({day, 7, day, "", "", {1}});
  index.PutBasket({200, 7, 100, "", "", {2}});
  const auto snapshot = index.Publish();
  const ServedModel served(std::move(model));
  ProductQuery query;
  query.basket_is_history = true;
  query.customer_id = 7;
  query.intent = ProductIntent::kBuyAgain;
  const Selection all = Select(*snapshot, {});
  const auto answer = RecommendTrained(served, *snapshot, all, {}, query);
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->size(), 1u) << "2 was bought today, and 3 never";
  EXPECT_EQ(snapshot->sku_of((*answer)[0].item), 1);
  EXPECT_NEAR((*answer)[0].score, DueWithinAWeek({10, 30, 50, 70, 90}, 100), 1e-6);
  EXPECT_THAT((*answer)[0].because, ElementsAre((*answer)[0].item));
  query.customer_id = 8;
  EXPECT_EQ(RecommendTrained(served, *snapshot, all, {}, query), std::nullopt);
}

TEST(DueProductsTest, ExpectsPurchasesAfterTheirInterval) {
  EXPECT_EQ(DueWithinAWeek({50}, 50), 0);
  EXPECT_DOUBLE_EQ(DueWithinAWeek({50}, 80), 7.0 / 60 * 0.5);
  EXPECT_DOUBLE_EQ(DueWithinAWeek({50}, 110), 7.0 / 60);
  EXPECT_DOUBLE_EQ(DueWithinAWeek({50}, 230), 7.0 / 60 / 2);
  EXPECT_DOUBLE_EQ(DueWithinAWeek({0, 20, 40}, 90), 7.0 * 3 / 100);
}

TEST(ServedModelTest, NewProductsOfTheShopAreUnknownUntilTheyAreBound) {
  ShopIndex index;
  index.PutProduct(1, {});
  const auto before = index.Publish();
  RandomModel models(1);
  ProductModel model = models.Model(2, 1);
  model.skus = {1, 5};
  const ServedModel served(std::move(model));
  const auto first = served.Bind(*before);
  EXPECT_THAT(first->product_of, ElementsAre(0));
  EXPECT_THAT(first->item_of, ElementsAre(0, kNoItem));
  index.PutProduct(3, {});
  index.PutProduct(5, {});
  const auto second = served.Bind(*index.Publish());
  EXPECT_THAT(second->product_of, ElementsAre(0, kNoProduct, 1));
  EXPECT_THAT(second->item_of, ElementsAre(0, 2));
  EXPECT_THAT(second->unknown, ElementsAre(1));
  EXPECT_EQ(served.Bind(*before), second) << "an older snapshot uses the newer binding";
}

TEST(ModelBytesTest, ModelSurvivesAndAnyDamageIsFoundOrHarmless) {
  ForEachSeed(20, [](uint64_t seed) {
    RandomModel random(seed);
    const ProductModel model = random.Model(static_cast<size_t>(random.Number(0, 12)));
    std::string bytes = EncodeModel(model);
    const auto decoded = DecodeModel(bytes);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(*decoded, model);
    EXPECT_EQ(EncodeModel(*decoded), bytes);
    EXPECT_EQ(DecodeModel(bytes + "x"), std::nullopt);
    EXPECT_EQ(DecodeModel(absl::string_view(bytes).substr(0, bytes.size() - 1)), std::nullopt);
    for (int i = 0; i < 50; ++i) {
      std::string damaged = bytes;
      damaged[random.Number(0, static_cast<int64_t>(bytes.size()) - 1)] =
          static_cast<char>(random.Number(0, 255));
      const auto other = DecodeModel(damaged);
      EXPECT_TRUE(!other || ValidateModel(*other));
    }
  });
}

}  // namespace
}  // namespace clustr::products
