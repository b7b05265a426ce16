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
#include "services/bundles/products/cold_products.h"
#include "services/bundles/products/due_products.h"
#include "services/bundles/products/likeness.h"
#include "services/bundles/products/model_bytes.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/services/bundles/products/random_model.h"
#include "tests/services/bundles/products/ranker/random_ranker.h"
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
    if (shop.IsGuest(customer)) return bought;
    uint32_t baskets = 0;
    for (const auto& [id, basket] : shop.baskets) {
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

// Likeness by definition, for the products of RandomShop, whose names have one word.
double PlainLikeness(const index::Product& a, const index::Product& b) {
  double likeness = a.name == b.name ? 0.3 : 0;
  if (!a.category.empty() && a.category == b.category) likeness += 0.35;
  if (!a.brand.empty() && a.brand == b.brand) likeness += 0.2;
  if (a.price_cents > 0 && b.price_cents > 0) {
    const double ratio = static_cast<double>(a.price_cents) / static_cast<double>(b.price_cents);
    likeness += 0.15 * std::max(0.0, 1 - std::abs(std::log2(ratio)) / 2);
  }
  return likeness;
}

// The products that stand in for a basket of cold products; empty if it is none.
std::vector<ProductNumber> PlainStandIns(const Case& c, const std::set<int64_t>& basket) {
  const ProductModel& model = c.model->model();
  const auto everything = c.shop.Select({});
  std::set<ProductNumber> stand_ins;
  for (const int64_t sku : basket) {
    const auto number = NumberOf(model, sku);
    const bool has_links = number && !model.completion.basket_links.row(*number).targets.empty();
    if (has_links) return {};
    const auto cold = c.shop.products.find(sku);
    if (cold == c.shop.products.end() || ModelShop::Count(everything, {sku}) >= 5) continue;
    std::vector<std::pair<double, ProductNumber>> alike;
    for (ProductNumber other = 0; other < model.skus.size(); ++other) {
      const auto known = c.shop.products.find(model.skus[other]);
      if (known == c.shop.products.end()) continue;
      if (model.completion.basket_links.row(other).targets.empty()) continue;
      const double likeness = PlainLikeness(cold->second, known->second);
      if (likeness >= kMinLikeness) alike.emplace_back(-likeness, other);
    }
    std::sort(alike.begin(), alike.end());
    for (size_t i = 0; i < std::min<size_t>(5, alike.size()); ++i) {
      stand_ins.insert(alike[i].second);
    }
  }
  return {stand_ins.begin(), stand_ins.end()};
}

// Gives the products that the model does not know their scores, if there is room for them.
void ScoreUnknown(const Case& c, const std::set<int64_t>& evidence, size_t limit,
                  std::vector<Expected>* answer) {
  const auto above = std::count_if(answer->begin(), answer->end(),
                                   [](const Expected& one) { return one.score > 0; });
  if (above >= static_cast<int64_t>(limit)) return;
  for (Expected& one : *answer) {
    if (NumberOf(c.model->model(), one.sku)) continue;
    for (const int64_t sku : evidence) {
      const auto known = c.shop.products.find(sku);
      if (known == c.shop.products.end()) continue;
      one.score = std::max(
          one.score, kLikenessScore * PlainLikeness(c.shop.products.at(one.sku), known->second));
    }
  }
}

// The answer by definition, from the maps; scores come from ProductScorer, which has its own test.
std::optional<std::vector<Expected>> PlainAnswer(const Case& c, const Population& population,
                                                 const std::set<int64_t>& basket,
                                                 std::optional<int64_t> customer,
                                                 ProductIntent intent, size_t limit) {
  const ProductModel& model = c.model->model();
  std::vector<ProductNumber> numbers;
  if (intent != ProductIntent::kNextBasket) {
    for (const int64_t sku : basket) {
      if (const auto number = NumberOf(model, sku)) numbers.push_back(*number);
    }
    const auto stand_ins = PlainStandIns(c, basket);
    if (!stand_ins.empty()) numbers = stand_ins;
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
  std::set<int64_t> evidence = basket;
  if (numbers.empty()) {
    evidence.clear();
    std::stable_sort(own.begin(), own.end(),
                     [](const auto& a, const auto& b) { return a.times > b.times; });
    for (const OwnProduct& one : own) {
      const int64_t sku = model.skus[one.product];
      if (c.shop.products.contains(sku) && evidence.size() < kMaxCompared) evidence.insert(sku);
    }
  }
  ScoreUnknown(c, evidence, limit, &answer);
  std::sort(answer.begin(), answer.end(), [](const Expected& a, const Expected& b) {
    return std::make_tuple(-a.score, -a.count, a.sku) < std::make_tuple(-b.score, -b.count, b.sku);
  });
  return answer;
}

// The explanation of a product of an answer says the same, and its parts add up to the score.
void ExpectExplained(const Case& c, const Selection& selection, const std::vector<uint32_t>& counts,
                     const ProductQuery& query, const ScoredProduct& product) {
  const auto why = ExplainTrained(*c.model, *c.snapshot, selection, counts, query, product.item);
  ASSERT_TRUE(why.has_value());
  EXPECT_FALSE(why->kept_out);
  EXPECT_EQ(why->scored.basis, product.basis);
  EXPECT_EQ(why->scored.because, product.because);
  double sum = 0;
  for (const ProductPart& part : why->parts) sum += part.contribution * why->population_factor;
  EXPECT_NEAR(sum, product.score, 1e-5 * std::max(1.0, std::fabs(product.score)));
  // A product that the model does not know scores nothing unless there is room for it.
  if (product.score != 0) {
    EXPECT_EQ(why->scored.score, product.score);
    EXPECT_FALSE(why->parts.empty());
  }
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
      const auto expected =
          PlainAnswer(c, population, basket, query.customer_id, query.intent, query.limit);
      ASSERT_EQ(got.has_value(), expected.has_value());
      if (!got) continue;
      ASSERT_EQ(got->size(), std::min(query.limit, expected->size()));
      for (size_t i = 0; i < got->size(); ++i) {
        const ScoredProduct& product = (*got)[i];
        ExpectExplained(c, selection, counts, query, product);
        ASSERT_NEAR(product.score, (*expected)[i].score,
                    1e-5 * (1 + std::abs((*expected)[i].score)));
        ASSERT_LE(product.because.size(), 3u);
        const bool few = population != Population() && !selection.everything &&
                         selection.basket_count < kMinPopulationBaskets;
        const bool by_likeness =
            !NumberOf(c.model->model(), c.snapshot->sku_of(product.item)) ||
            (query.intent != ProductIntent::kNextBasket && !PlainStandIns(c, basket).empty());
        ASSERT_EQ(product.basis, by_likeness ? scoring::Basis::kAttributes
                                 : few       ? scoring::Basis::kAllBaskets
                                             : scoring::Basis::kPopulation);
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
  const DueWeights due = {.usual_gap_days = 30, .scale = 1.5, .exponent = 0.7};
  model.due = due;
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
  EXPECT_NEAR((*answer)[0].score, DueWithinAWeek({10, 30, 50, 70, 90}, 100, due), 1e-6);
  EXPECT_THAT((*answer)[0].because, ElementsAre((*answer)[0].item));
  query.customer_id = 8;
  EXPECT_EQ(RecommendTrained(served, *snapshot, all, {}, query), std::nullopt);
}

TEST(TrainedSearchTest, GuestsAreAnsweredLikeStrangers) {
  RandomModel models(3);
  const ServedModel served(models.Model(6, 1));
  ShopIndex index;
  for (const int64_t sku : served.model().skus) index.PutProduct(sku, {});
  const std::vector<int64_t>& skus = served.model().skus;
  for (int id = 1; id <= 5; ++id) index.PutBasket({id, 7, id, "", "", {skus[0], skus[1]}});
  index::Customer till;
  till.guest = true;
  index.PutCustomer(7, till);
  const auto snapshot = index.Publish();
  const Selection all = Select(*snapshot, {});
  ProductQuery query;
  query.customer_id = 7;
  query.basket_is_history = true;
  for (const ProductIntent intent : {ProductIntent::kBasket, ProductIntent::kNextBasket,
                                     ProductIntent::kBuyAgain, ProductIntent::kDiscover}) {
    query.intent = intent;
    EXPECT_EQ(RecommendTrained(served, *snapshot, all, {}, query), std::nullopt);
  }
  query.intent = ProductIntent::kBasket;
  query.basket_is_history = false;
  query.basket = {*snapshot->item_of(skus[2])};
  const auto of_guest = RecommendTrained(served, *snapshot, all, {}, query);
  query.customer_id = std::nullopt;
  const auto of_stranger = RecommendTrained(served, *snapshot, all, {}, query);
  ASSERT_EQ(of_guest->size(), of_stranger->size());
  for (size_t i = 0; i < of_guest->size(); ++i) {
    EXPECT_EQ((*of_guest)[i].item, (*of_stranger)[i].item);
    EXPECT_EQ((*of_guest)[i].score, (*of_stranger)[i].score);
  }
}

// A shop of teas and mugs in which the model knows product 1, and what goes with it: 2.
class ColdTest : public ::testing::Test {
 protected:
  ColdTest() {
    Put(1, "Green tea", "Tea", 500);
    Put(2, "Tea strainer", "Tools", 700);
    Put(3, "Mug", "Mugs", 900);
    ProductModel model;
    model.skus = {1, 2, 3};
    model.counts = {9, 9, 9};
    model.recent = {1, 1, 1};
    model.completion.basket_links.AddRow({1}, {0.5f});
    model.completion.basket_links.AddRow({0}, {0.5f});
    model.completion.basket_links.AddRow({1}, {0.1f});
    model.next_basket.weights.common = 1;
    served_ = std::make_unique<ServedModel>(std::move(model));
  }

  void Put(int64_t sku, const std::string& name, const std::string& category, int64_t price) {
    index::Product product;
    product.name = name;
    product.category = category;
    product.price_cents = price;
    index_.PutProduct(sku, std::move(product));
  }

  std::optional<std::vector<ScoredProduct>> Answer(const std::vector<int64_t>& basket) {
    snapshot_ = index_.Publish();
    ProductQuery query;
    for (const int64_t sku : basket) query.basket.push_back(*snapshot_->item_of(sku));
    return RecommendTrained(*served_, *snapshot_, Select(*snapshot_, {}), {}, query);
  }
  int64_t SkuOf(const ScoredProduct& product) const { return snapshot_->sku_of(product.item); }

  ShopIndex index_;
  std::unique_ptr<ServedModel> served_;
  std::shared_ptr<const index::Snapshot> snapshot_;
};

TEST_F(ColdTest, ProductThatWasNeverSoldIsAnsweredByWhatIsLikeIt) {
  Put(9, "Black tea", "Tea", 450);
  const auto answer = Answer({9});
  ASSERT_TRUE(answer && !answer->empty());
  EXPECT_EQ(SkuOf(answer->front()), 2) << "what goes with the other tea";
  EXPECT_EQ(answer->front().basis, scoring::Basis::kAttributes);
  EXPECT_THAT(answer->front().because, ElementsAre(*snapshot_->item_of(9)));
}

TEST_F(ColdTest, ProductThatSoldSinceTheTrainingIsLeftToTheLiveCounts) {
  Put(9, "Black tea", "Tea", 450);
  for (int id = 1; id <= 5; ++id) index_.PutBasket({id, id, 0, "", "", {9, 3}});
  EXPECT_EQ(Answer({9}), std::nullopt);
}

TEST_F(ColdTest, ProductLikeNothingHasNoAnswerOfTheModel) {
  Put(9, "Umbrella", "Rain", 90'000);
  EXPECT_EQ(Answer({9}), std::nullopt);
}

TEST_F(ColdTest, KnownProductsOfABasketSpeakForThemselves) {
  Put(9, "Big mug", "Mugs", 900);
  const auto answer = Answer({1, 9});
  ASSERT_TRUE(answer && !answer->empty());
  EXPECT_EQ(answer->front().basis, scoring::Basis::kPopulation);
  EXPECT_EQ(answer->front().score, 0.5);
}

TEST_F(ColdTest, WhatWasNeverSoldIsOfferedLastByItsLikenessAndSaysSo) {
  Put(8, "Umbrella", "Rain", 90'000);
  Put(9, "White tea", "Tea", 500);
  const auto answer = Answer({1});
  ASSERT_EQ(answer->size(), 4u);
  std::vector<int64_t> skus;
  for (const ScoredProduct& one : *answer) skus.push_back(SkuOf(one));
  EXPECT_THAT(skus, ElementsAre(2, 9, 3, 8));
  EXPECT_EQ((*answer)[1].basis, scoring::Basis::kAttributes);
  EXPECT_NEAR((*answer)[1].score, kLikenessScore * (0.35 + 0.3 / 3 + 0.15), 1e-15);
  EXPECT_THAT((*answer)[1].because, IsEmpty());
  EXPECT_EQ((*answer)[2].basis, scoring::Basis::kPopulation);
}

TEST_F(ColdTest, NothingIsOfferedIfNothingIsInStock) {
  for (const int64_t sku : {1, 2, 3, 9}) {
    index::Product gone;
    gone.category = "Tea";
    gone.in_stock = false;
    index_.PutProduct(sku, std::move(gone));
  }
  for (const std::vector<int64_t>& basket : {std::vector<int64_t>{1}, {9}}) {
    const auto answer = Answer(basket);
    ASSERT_TRUE(answer.has_value()) << "product 9 is like the others, if none can be bought";
    EXPECT_THAT(*answer, IsEmpty());
  }
}

TEST_F(ColdTest, BasketOfTenThousandColdProductsIsAnswered) {
  std::vector<int64_t> basket;
  for (int64_t sku = 100; sku < 10'100; ++sku) {
    Put(sku, "Tea " + std::to_string(sku), "Tea", 500);
    basket.push_back(sku);
  }
  const auto answer = Answer(basket);
  ASSERT_TRUE(answer && !answer->empty());
  EXPECT_EQ(SkuOf(answer->front()), 2);
  EXPECT_EQ(answer->front().because.size(), scoring::kMaxReasons);
}

TEST(LikenessTest, ComparesWordsCaseAndScript) {
  const auto like = [](const std::string& a, const std::string& b) {
    index::Product one, other;
    one.name = a;
    other.name = b;
    return Likeness(ProductTraits(one), ProductTraits(other));
  };
  EXPECT_DOUBLE_EQ(like("Green Tea", "green tea, 100g"), 0.3 * 2 / 3);
  EXPECT_DOUBLE_EQ(like("Th\xC3\xA9 vert", "Th\xC3\xA9 noir"), 0.3 / 3);
  EXPECT_EQ(like("", ""), 0) << "nothing is no likeness";
  EXPECT_EQ(like("--", "tea"), 0);
}

TEST(DueProductsTest, ExpectsPurchasesAfterTheirInterval) {
  EXPECT_EQ(Due({50}, 50, 60), 0);
  EXPECT_DOUBLE_EQ(Due({50}, 80, 60), 7.0 / 60 * 0.5);
  EXPECT_DOUBLE_EQ(Due({50}, 110, 60), 7.0 / 60);
  EXPECT_DOUBLE_EQ(Due({50}, 230, 60), 7.0 / 60 / 2);
  EXPECT_DOUBLE_EQ(Due({0, 20, 40}, 90, 60), 7.0 * 3 / 100);
  EXPECT_DOUBLE_EQ(Due({0, 20, 40}, 90, 20), 7.0 * 3 / 60 * std::exp2(-(50 - 40) / 20.0));
  EXPECT_DOUBLE_EQ(DueWithinAWeek({50}, 80, {60, 3, 0.5}), 3 * std::sqrt(7.0 / 60 * 0.5));
  EXPECT_EQ(DueWithinAWeek({50}, 50, {60, 3, 0}), 0) << "0 to any power";
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
    const auto size = static_cast<size_t>(random.Number(0, 12));
    ProductModel model = random.Model(size);
    if (random.Number(0, 1) == 1) model.completion.ranker = RandomRanker(&random, size);
    const int64_t kind = random.Number(0, 2);
    if (kind == 1) model.next_basket.ranker = RandomRanker(&random, size);
    if (kind == 2) model.next_basket.ranker = RandomLine(&random, size);
    std::string bytes = EncodeModel(model);
    const auto decoded = DecodeModel(bytes);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(*decoded, model);
    EXPECT_EQ(EncodeModel(*decoded), bytes);
    EXPECT_EQ(DecodeModel(bytes + "x"), std::nullopt);
    EXPECT_EQ(DecodeModel(bytes + std::string(2, 0)), std::nullopt);
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
