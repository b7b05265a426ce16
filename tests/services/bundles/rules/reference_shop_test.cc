#include "services/bundles/rules/reference_shop.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clustr::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr mining::Thresholds kAll = {.min_support = 0, .min_lift = 0, .min_count = 1};

mining::ReferenceRule Rule(int64_t from, int64_t to, int64_t count_a, int64_t count_b,
                           int64_t count_ab) {
  return {{from}, {to}, count_a, count_b, count_ab};
}

using Strings = std::vector<std::string>;
using index::Population;

Population With(Strings Population::*field, Strings values) {
  Population population;
  population.*field = std::move(values);
  return population;
}

Population WithDays(std::optional<int32_t> start, std::optional<int32_t> end) {
  Population population;
  population.start_day = start;
  population.end_day = end;
  return population;
}

Population WithAges(std::optional<int32_t> min, std::optional<int32_t> max) {
  Population population;
  population.min_age = min;
  population.max_age = max;
  return population;
}

// Customer 1 is a woman of 30 from Oslo, customer 2 has no attributes set, and customer 3 is
// unknown.
class ReferenceShopTest : public testing::Test {
 protected:
  ReferenceShopTest() {
    shop_.PutCustomer(1, {"F", 30, "High", "VIP", "Online", "Oslo"});
    shop_.PutCustomer(2, {});
    Put(10, 1, 100, "Web", "Card", {5, 7});
    Put(11, 2, 101, "", "Cash", {7, 5, 5});
    Put(12, 3, 102, "Shop", "", {5});
    Put(13, 1, 103, "Shop", "Card", {});
  }

  void Put(int64_t transaction, int64_t customer, int32_t day, std::string channel,
           std::string payment, std::vector<int64_t> skus) {
    shop_.PutBasket({.transaction_id = transaction,
                     .customer_id = customer,
                     .epoch_day = day,
                     .channel = std::move(channel),
                     .payment_type = std::move(payment),
                     .product_skus = std::move(skus)});
  }

  ReferenceShop shop_;
};

TEST_F(ReferenceShopTest, EverybodyIsEveryBasketWithProducts) {
  EXPECT_EQ(shop_.basket_count({}), 3);
  EXPECT_THAT(*shop_.Rules({}, kAll), ElementsAre(Rule(5, 7, 3, 2, 2), Rule(7, 5, 2, 3, 2)));
}

TEST_F(ReferenceShopTest, ConditionsOnTheBasket) {
  EXPECT_EQ(shop_.basket_count(With(&Population::channels, {"Web"})), 1);
  EXPECT_EQ(shop_.basket_count(With(&Population::channels, {"Web", "Shop"})), 2);
  EXPECT_EQ(shop_.basket_count(With(&Population::channels, {""})), 1);
  EXPECT_EQ(shop_.basket_count(With(&Population::channels, {"Phone"})), 0);
  Population both = With(&Population::channels, {"Web"});
  both.payment_types = {"Cash"};
  EXPECT_EQ(shop_.basket_count(both), 0);
  EXPECT_EQ(shop_.basket_count(WithDays(101, {})), 2);
  EXPECT_EQ(shop_.basket_count(WithDays({}, 101)), 2);
  EXPECT_EQ(shop_.basket_count(WithDays(101, 101)), 1);
}

TEST_F(ReferenceShopTest, ConditionsOnTheCustomer) {
  EXPECT_EQ(shop_.basket_count(With(&Population::genders, {"F"})), 1);
  EXPECT_EQ(shop_.basket_count(With(&Population::genders, {"F", ""})), 2);
  EXPECT_EQ(shop_.basket_count(WithAges(30, 30)), 1);
  EXPECT_EQ(shop_.basket_count(WithAges(31, {})), 0);
  EXPECT_EQ(shop_.basket_count(WithAges({}, 29)), 0);
  EXPECT_EQ(shop_.basket_count(With(&Population::income_levels, {"High"})), 1);
  EXPECT_EQ(shop_.basket_count(With(&Population::customer_segments, {"New"})), 0);
  EXPECT_EQ(shop_.basket_count(With(&Population::shopping_preferences, {""})), 1);
  EXPECT_EQ(shop_.basket_count(With(&Population::cities, {"Oslo", "Rome"})), 1);
  EXPECT_THAT(*shop_.Rules(With(&Population::genders, {"F"}), kAll),
              ElementsAre(Rule(5, 7, 1, 1, 1), Rule(7, 5, 1, 1, 1)));
}

TEST_F(ReferenceShopTest, CustomersChangeAndGo) {
  index::Customer woman;
  woman.gender = "F";
  shop_.PutCustomer(2, woman);
  EXPECT_EQ(shop_.basket_count(With(&Population::genders, {"F"})), 2);
  shop_.RemoveCustomer(1);
  shop_.RemoveCustomer(99);
  EXPECT_EQ(shop_.basket_count(With(&Population::genders, {"F"})), 1);
  EXPECT_EQ(shop_.basket_count({}), 3);
  shop_.PutCustomer(3, woman);
  EXPECT_EQ(shop_.basket_count(With(&Population::genders, {"F"})), 2);
}

TEST_F(ReferenceShopTest, BasketsChangeAndGo) {
  Put(12, 1, 102, "Web", "Card", {5, 7});
  EXPECT_THAT(*shop_.Rules({}, kAll), ElementsAre(Rule(5, 7, 3, 3, 3), Rule(7, 5, 3, 3, 3)));
  Put(12, 1, 102, "Web", "Card", {});
  EXPECT_EQ(shop_.basket_count({}), 2);
  shop_.RemoveBasket(10);
  shop_.RemoveBasket(11);
  shop_.RemoveBasket(99);
  EXPECT_EQ(shop_.basket_count({}), 0);
  EXPECT_THAT(*shop_.Rules({}, kAll), IsEmpty());
}

TEST_F(ReferenceShopTest, SkusOfAnySize) {
  Put(10, 1, 100, "", "", {INT64_MAX, 1});
  EXPECT_THAT(*shop_.Rules(With(&Population::genders, {"F"}), kAll),
              ElementsAre(Rule(1, INT64_MAX, 1, 1, 1), Rule(INT64_MAX, 1, 1, 1, 1)));
}

}  // namespace
}  // namespace clustr::rules
