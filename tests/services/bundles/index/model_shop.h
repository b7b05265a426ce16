#ifndef CLUSTR_TESTS_SERVICES_BUNDLES_INDEX_MODEL_SHOP_H_
#define CLUSTR_TESTS_SERVICES_BUNDLES_INDEX_MODEL_SHOP_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "services/bundles/index/population.h"
#include "services/bundles/index/shop_index.h"

namespace clustr::index {

// A shop as plain maps, which the index is compared with. Copy it to keep a version.
class ModelShop {
 public:
  using SkuSet = std::set<int64_t>;

  // Each modifier makes the same change to `index`.
  void Put(ShopIndex& index, const Basket& basket) {
    index.PutBasket(basket);
    baskets[basket.transaction_id] = basket;
  }
  void RemoveBasket(ShopIndex& index, int64_t id) {
    index.RemoveBasket(id);
    baskets.erase(id);
  }
  void Put(ShopIndex& index, int64_t id, const Customer& customer) {
    index.PutCustomer(id, customer);
    customers[id] = customer;
  }
  void RemoveCustomer(ShopIndex& index, int64_t id) {
    index.RemoveCustomer(id);
    customers.erase(id);
  }
  void Put(ShopIndex& index, int64_t sku, const Product& product) {
    index.PutProduct(sku, product);
    products[sku] = product;
  }
  void RemoveProduct(ShopIndex& index, int64_t sku) {
    index.RemoveProduct(sku);
    products.erase(sku);
  }

  // The products of the baskets of a population, by transaction_id.
  std::map<int64_t, SkuSet> Select(const Population& p) const {
    std::map<int64_t, SkuSet> selected;
    for (const auto& [id, basket] : baskets) {
      if (!basket.product_skus.empty() && InPopulation(basket, p)) {
        selected[id] = SkuSet(basket.product_skus.begin(), basket.product_skus.end());
      }
    }
    return selected;
  }

  bool IsGuest(int64_t customer_id) const {
    const auto it = customers.find(customer_id);
    return it != customers.end() && it->second.guest;
  }

  static int64_t Count(const std::map<int64_t, SkuSet>& selected, const SkuSet& skus) {
    return std::count_if(selected.begin(), selected.end(), [&](const auto& basket) {
      return std::includes(basket.second.begin(), basket.second.end(), skus.begin(), skus.end());
    });
  }

  std::map<int64_t, Basket> baskets;
  std::map<int64_t, Customer> customers;
  std::map<int64_t, Product> products;

 private:
  static bool Among(const std::vector<std::string>& list, const std::string& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  }

  bool InPopulation(const Basket& basket, const Population& p) const {
    if (!Among(p.channels, basket.channel) || !Among(p.payment_types, basket.payment_type)) {
      return false;
    }
    if (p.start_day && basket.epoch_day < *p.start_day) return false;
    if (p.end_day && basket.epoch_day > *p.end_day) return false;
    Population of_customers = p;
    of_customers.channels.clear();
    of_customers.payment_types.clear();
    of_customers.start_day = of_customers.end_day = std::nullopt;
    if (of_customers == Population()) return true;
    const auto it = customers.find(basket.customer_id);
    if (it == customers.end()) return false;
    const Customer& customer = it->second;
    if ((p.min_age || p.max_age) && !customer.age) return false;
    if (p.min_age && *customer.age < *p.min_age) return false;
    if (p.max_age && *customer.age > *p.max_age) return false;
    return Among(p.genders, customer.gender) && Among(p.income_levels, customer.income_level) &&
           Among(p.customer_segments, customer.customer_segment) &&
           Among(p.shopping_preferences, customer.shopping_preference) &&
           Among(p.cities, customer.city);
  }
};

// Draws random shops, populations and changes. Its ranges are small, so that values collide often.
class RandomShop {
 public:
  explicit RandomShop(uint64_t seed) : random_(seed) {}

  int64_t Number(int64_t min, int64_t max) {
    return std::uniform_int_distribution<int64_t>(min, max)(random_);
  }
  bool OneIn(int n) { return Number(1, n) == 1; }
  // `kind` with a digit from 0 to 2 appended, or "".
  std::string Text(const std::string& kind) {
    const int64_t n = Number(0, 3);
    return n == 3 ? "" : kind + std::to_string(n);
  }
  // An unsorted list with repeats. High SKUs, from 1000 down, are the popular ones.
  std::vector<int64_t> Skus(int64_t max_items, int64_t sku_count) {
    std::vector<int64_t> skus(Number(0, max_items));
    for (int64_t& sku : skus) sku = 1000 - Number(0, Number(0, sku_count - 1));
    return skus;
  }
  int64_t Sku(int64_t sku_count) { return 1000 - Number(0, sku_count - 1); }

  Basket MakeBasket(int64_t id, int64_t customers, int64_t max_items, int64_t sku_count) {
    return {id,
            Number(1, customers),
            static_cast<int32_t>(Number(-5, 5)),
            Text("channel"),
            Text("payment"),
            Skus(max_items, sku_count)};
  }
  Customer MakeCustomer() {
    Customer customer = {Text("g"), std::nullopt, Text("i"), Text("s"), Text("p"), Text("c")};
    if (!OneIn(4)) customer.age = static_cast<int32_t>(Number(0, 9));
    customer.guest = OneIn(8);
    return customer;
  }
  Product MakeProduct() {
    Product product = {"name",         Text("category"), Text("brand"),
                       Number(0, 500), std::nullopt,     !OneIn(5)};
    if (!OneIn(4)) product.unit_cost_cents = Number(0, 500);
    return product;
  }
  Population MakePopulation() {
    Population p;
    auto maybe = [&](std::vector<std::string>& list, const std::string& kind) {
      if (!OneIn(4)) return;
      for (int64_t n = Number(1, 3); n > 0; --n) list.push_back(Text(kind));
      if (OneIn(4)) list.push_back("never seen");
    };
    maybe(p.genders, "g");
    maybe(p.income_levels, "i");
    maybe(p.customer_segments, "s");
    maybe(p.shopping_preferences, "p");
    maybe(p.cities, "c");
    maybe(p.channels, "channel");
    maybe(p.payment_types, "payment");
    if (OneIn(5)) p.min_age = static_cast<int32_t>(Number(0, 9));
    if (OneIn(5)) p.max_age = static_cast<int32_t>(Number(0, 9));
    if (OneIn(5)) p.start_day = static_cast<int32_t>(Number(-5, 5));
    if (OneIn(5)) p.end_day = static_cast<int32_t>(Number(-5, 5));
    return p;
  }

  // Makes one random change to both the model and the index.
  void Change(ModelShop& model, ShopIndex& index, int64_t transactions, int64_t sku_count) {
    const int64_t customers = 12;
    switch (Number(0, 9)) {
      case 0:
        return model.RemoveBasket(index, Number(1, transactions));
      case 1:
        return model.Put(index, Number(1, customers + 2), MakeCustomer());
      case 2:
        if (OneIn(3)) return model.RemoveCustomer(index, Number(1, customers + 2));
        return model.Put(index, Sku(sku_count), MakeProduct());
      case 3:
        if (OneIn(3)) return model.RemoveProduct(index, Sku(sku_count));
        [[fallthrough]];
      default:
        return model.Put(index, MakeBasket(Number(1, transactions), customers, 6, sku_count));
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace clustr::index

#endif  // CLUSTR_TESTS_SERVICES_BUNDLES_INDEX_MODEL_SHOP_H_
