#include "services/bundles/index/shop_index.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/index/queries.h"
#include "services/bundles/index/selection.h"
#include "tests/services/bundles/index/model_shop.h"
#include "tests/testing/for_each_seed.h"

namespace clustr::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using SkuSet = ModelShop::SkuSet;

SkuSet SkusOf(const Snapshot& snapshot, absl::Span<const Item> items) {
  SkuSet skus;
  for (Item item : items) skus.insert(snapshot.sku_of(item));
  return skus;
}

using SkusById = std::map<int64_t, SkuSet>;  // Products by transaction_id.

void ExpectSameBaskets(const Snapshot& snapshot, const Selection& selection, const ModelShop& model,
                       const SkusById& expected) {
  SkusById selected;
  ForEachBasket(snapshot, selection, {}, [&](Slot slot) {
    const int64_t id = snapshot.transaction_id(slot);
    EXPECT_TRUE(selected.emplace(id, SkusOf(snapshot, snapshot.items(slot))).second) << id;
    EXPECT_EQ(snapshot.epoch_day(slot), model.baskets.at(id).epoch_day);
  });
  ASSERT_EQ(selected, expected);
}

void ExpectSameProducts(const Snapshot& snapshot, const Selection& selection,
                        const ModelShop& model, const SkusById& expected) {
  const std::vector<uint32_t> counts = CountItems(snapshot, selection);
  for (Item item = 0; item < snapshot.item_count(); ++item) {
    const int64_t sku = snapshot.sku_of(item);
    EXPECT_EQ(snapshot.item_of(sku), item);
    const int64_t count = ModelShop::Count(expected, {sku});
    EXPECT_EQ(counts[item], count);
    EXPECT_EQ(Count(snapshot, selection, {item}), count);
    const auto product = model.products.find(sku);
    if (product == model.products.end()) {
      EXPECT_EQ(snapshot.product(item), nullptr);
    } else {
      ASSERT_NE(snapshot.product(item), nullptr);
      EXPECT_EQ(snapshot.product(item)->price_cents, product->second.price_cents);
    }
  }
}

void ExpectSameSetCounts(const Snapshot& snapshot, const Selection& selection,
                         const SkusById& expected, RandomShop& random) {
  for (int n = 0; snapshot.item_count() > 0 && n < 5; ++n) {
    std::vector<Item> items;
    for (int64_t k = random.Number(1, 3); k > 0; --k) {
      items.push_back(static_cast<Item>(random.Number(0, snapshot.item_count() - 1)));
    }
    const int64_t count = ModelShop::Count(expected, SkusOf(snapshot, items));
    EXPECT_EQ(Count(snapshot, selection, items), count);
    const Selection narrow = Narrow(snapshot, selection, items);
    EXPECT_EQ(narrow.basket_count, count);
    EXPECT_EQ(Count(snapshot, narrow, {}), count);
  }
}

void ExpectProjectionKeepsWhatItShould(const Snapshot& snapshot, const Selection& selection,
                                       RandomShop& random) {
  std::vector<uint8_t> allowed(snapshot.item_count());
  for (uint8_t& a : allowed) a = random.OneIn(2);
  const ProjectionQuery query = {random.Number(1, 4), allowed,
                                 static_cast<size_t>(random.Number(1, 2))};
  const Projection projection = Project(snapshot, selection, query);
  const std::vector<uint32_t> counts = CountItems(snapshot, selection);
  EXPECT_EQ(projection.counts, counts);
  std::vector<std::vector<Item>> kept;
  ForEachBasket(snapshot, selection, {}, [&](Slot slot) {
    std::vector<Item> basket;
    for (Item item : snapshot.items(slot)) {
      if (allowed[item] && counts[item] >= query.min_count) basket.push_back(item);
    }
    if (basket.size() >= query.min_basket_size) kept.push_back(basket);
  });
  const mining::BasketView view = projection.view();
  ASSERT_EQ(view.size(), kept.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(std::vector<Item>(view[i].begin(), view[i].end()), kept[i]);
  }
}

void ExpectSameHistory(const Snapshot& snapshot, const ModelShop& model, int64_t customer) {
  SkuSet bought;
  for (const auto& [id, basket] : model.baskets) {
    if (basket.customer_id == customer && !model.IsGuest(customer)) {
      bought.insert(basket.product_skus.begin(), basket.product_skus.end());
    }
  }
  EXPECT_EQ(SkusOf(snapshot, snapshot.CustomerItems(customer)), bought);
}

// Expects every query on `snapshot` to give the answer of the model.
void ExpectSame(const Snapshot& snapshot, const ModelShop& model, const Population& population,
                RandomShop& random) {
  const SkusById expected = model.Select(population);
  const Selection selection = Select(snapshot, population);
  ASSERT_EQ(selection.basket_count, static_cast<int64_t>(expected.size()));
  EXPECT_TRUE(HasAtLeast(snapshot, population, selection.basket_count));
  EXPECT_FALSE(HasAtLeast(snapshot, population, selection.basket_count + 1));
  ASSERT_NO_FATAL_FAILURE(ExpectSameBaskets(snapshot, selection, model, expected));
  ASSERT_NO_FATAL_FAILURE(ExpectSameProducts(snapshot, selection, model, expected));
  ExpectSameSetCounts(snapshot, selection, expected, random);
  ASSERT_NO_FATAL_FAILURE(ExpectProjectionKeepsWhatItShould(snapshot, selection, random));
  ExpectSameHistory(snapshot, model, random.Number(1, 14));
}

TEST(ShopIndexTest, HeldSnapshotsKeepTheirStateWhateverHappensLater) {
  ForEachSeed(20, [&](uint64_t seed) {
    RandomShop random(seed);
    ShopIndex index;
    ModelShop model;
    std::vector<std::pair<std::shared_ptr<const Snapshot>, ModelShop>> versions;
    versions.emplace_back(index.Publish(), model);
    for (int step = 0; step < 1'000; ++step) {
      random.Change(model, index, 300, 30);
      if (random.OneIn(40)) versions.emplace_back(index.Publish(), model);
    }
    for (const auto& [snapshot, held_model] : versions) {
      ExpectSame(*snapshot, held_model, Population(), random);
      for (int n = 0; n < 4; ++n) {
        ExpectSame(*snapshot, held_model, random.MakePopulation(), random);
      }
      if (HasFatalFailure()) return;
    }
  });
}

TEST(ShopIndexTest, CompactionChangesNoAnswer) {
  RandomShop random(99);
  ShopIndex index;
  ModelShop model;
  for (int step = 0; step < 2'000; ++step) random.Change(model, index, 1'000, 40);
  const std::shared_ptr<const Snapshot> before = index.Publish();
  const ModelShop model_before = model;
  size_t largest = 0;
  for (int step = 0; step < 200'000; ++step) {
    random.Change(model, index, 1'000, 40);
    largest = std::max(largest, index.memory_bytes());
  }
  const std::shared_ptr<const Snapshot> after = index.Publish();
  EXPECT_NE(before->log().id(), after->log().id());
  EXPECT_LT(after->slot_count(), 200'000u * 7 / 10 - 65'536);
  EXPECT_LT(index.memory_bytes(), largest);
  for (int n = 0; n < 5; ++n) {
    const Population population = random.MakePopulation();
    ExpectSame(*before, model_before, population, random);
    ExpectSame(*after, model, population, random);
    if (HasFatalFailure()) return;
  }
  ExpectSame(*after, model, Population(), random);
}

TEST(ShopIndexTest, SnapshotsOutliveTheIndex) {
  auto index = std::make_unique<ShopIndex>();
  index->PutBasket({1, 5, 0, "web", "card", {10, 20, 10}});
  const std::shared_ptr<const Snapshot> snapshot = index->Publish();
  index.reset();
  EXPECT_EQ(snapshot->basket_count(), 1);
  EXPECT_EQ(snapshot->live_count(*snapshot->item_of(10)), 1);
  EXPECT_THAT(snapshot->items(0), ElementsAre(0, 1));
}

TEST(ShopIndexTest, BasketThatChangesNothingKeepsItsSlot) {
  ShopIndex index;
  index.PutBasket({1, 5, 0, "web", "", {10, 20}});
  index.PutBasket({1, 5, 0, "web", "", {20, 10, 20}});
  EXPECT_EQ(index.Publish()->slot_count(), 1u);
}

TEST(ShopIndexTest, BasketThatLosesItsProductsIsOutsideN) {
  ShopIndex index;
  index.PutBasket({1, 5, 0, "web", "", {10}});
  index.PutBasket({1, 5, 0, "web", "", {}});
  const auto snapshot = index.Publish();
  EXPECT_EQ(snapshot->basket_count(), 0);
  EXPECT_EQ(Select(*snapshot, Population()).basket_count, 0);
  EXPECT_THAT(snapshot->CustomerItems(5), IsEmpty());
}

TEST(ShopIndexTest, BasketOfUnknownOrDeletedCustomerIsOutsideCustomerConditions) {
  ShopIndex index;
  index.PutBasket({1, 5, 0, "", "", {10}});
  Population of_unset_gender;
  of_unset_gender.genders = {""};
  Population of_unset_channel;
  of_unset_channel.channels = {""};
  EXPECT_EQ(Select(*index.Publish(), of_unset_gender).basket_count, 0);
  index.PutCustomer(5, {});
  EXPECT_EQ(Select(*index.Publish(), of_unset_gender).basket_count, 1);
  index.RemoveCustomer(5);
  EXPECT_EQ(Select(*index.Publish(), of_unset_gender).basket_count, 0);
  EXPECT_EQ(Select(*index.Publish(), of_unset_channel).basket_count, 1);
}

TEST(ShopIndexTest, GuestHasBasketsButNoHistory) {
  ShopIndex index;
  index.PutBasket({1, 5, 0, "", "", {10, 20}});
  EXPECT_FALSE(index.Publish()->is_guest(5));
  Customer customer;
  customer.guest = true;
  index.PutCustomer(5, customer);
  const auto marked = index.Publish();
  EXPECT_TRUE(marked->is_guest(5));
  EXPECT_TRUE(marked->customer(5)->guest);
  EXPECT_THAT(marked->CustomerItems(5), IsEmpty());
  EXPECT_EQ(marked->live_count(0), 1) << "the baskets count as ever";
  EXPECT_FALSE(marked->is_guest(6)) << "nobody knows that customer";
  index.PutCustomer(5, {});
  EXPECT_EQ(index.Publish()->CustomerItems(5).size(), 2u);
  index.PutCustomer(5, customer);
  index.RemoveCustomer(5);
  EXPECT_FALSE(index.Publish()->is_guest(5));
}

TEST(ShopIndexTest, AgeBoundsAreInclusiveAndLeaveOutUnsetAges) {
  ShopIndex index;
  for (int id = 1; id <= 4; ++id) index.PutBasket({id, id, 0, "", "", {10}});
  Customer customer;
  index.PutCustomer(4, customer);
  for (int id = 1; id <= 3; ++id) {
    customer.age = 28 + id;
    index.PutCustomer(id, customer);
  }
  const auto snapshot = index.Publish();
  const auto count = [&](std::optional<int32_t> min_age, std::optional<int32_t> max_age) {
    Population population;
    population.min_age = min_age;
    population.max_age = max_age;
    return Select(*snapshot, population).basket_count;
  };
  EXPECT_EQ(count(30, 31), 2);
  EXPECT_EQ(count(std::nullopt, 30), 2);
  EXPECT_EQ(count(INT32_MIN, std::nullopt), 3);
}

TEST(ShopIndexTest, EmptyShopAnswers) {
  ShopIndex index;
  const auto snapshot = index.Publish();
  Population population;
  population.channels = {"web"};
  const Selection selection = Select(*snapshot, population);
  EXPECT_EQ(selection.basket_count, 0);
  EXPECT_EQ(Project(*snapshot, selection, {}).view().size(), 0u);
  EXPECT_EQ(snapshot->item_of(1), std::nullopt);
  EXPECT_EQ(snapshot->live_count(0), 0);
  EXPECT_THAT(snapshot->CustomerItems(1), IsEmpty());
}

TEST(ShopIndexTest, RowsAreFoundByWhatTheShopCallsThemNow) {
  ShopIndex shop;
  const auto product = [](const std::string& external_id) {
    Product made;
    made.external_id = external_id;
    return made;
  };
  const auto customer = [](const std::string& external_id) {
    Customer made;
    made.external_id = external_id;
    return made;
  };
  shop.PutProduct(1, product("A"));
  shop.PutProduct(2, product(""));
  shop.PutCustomer(7, customer("A"));
  shop.PutCustomer(8, customer("B"));
  const auto before = shop.Publish();
  // 8 gets the name that 7 had, and then 7 another one, as a stream of latest states sends it.
  shop.PutCustomer(8, customer("A"));
  shop.PutCustomer(7, customer("C"));
  shop.PutProduct(2, product("A"));
  shop.RemoveProduct(1);
  const auto after = shop.Publish();
  EXPECT_EQ(before->sku_called("A"), 1);
  EXPECT_EQ(before->external_id_of(1), "A");
  EXPECT_EQ(before->external_id_of(2), "");
  EXPECT_EQ(before->external_id_of(3), "");
  EXPECT_EQ(before->customer_called("A"), 7);
  EXPECT_EQ(after->sku_called("A"), 2);
  EXPECT_EQ(after->external_id_of(1), "");
  EXPECT_EQ(after->customer_called("A"), 8);
  EXPECT_EQ(after->customer_called("B"), 0);
  EXPECT_EQ(after->customer_called("C"), 7);
  shop.RemoveCustomer(8);
  EXPECT_EQ(shop.Publish()->customer_called("A"), 0);
  shop.RemoveAllProductsAndCustomers();
  EXPECT_EQ(shop.Publish()->customer_called("C"), 0);
  EXPECT_EQ(shop.Publish()->sku_called("A"), 0);
}

}  // namespace
}  // namespace clustr::index
