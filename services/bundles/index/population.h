#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_POPULATION_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_POPULATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clustr::index {

// Conditions on baskets: clustr.bundles.v1.Population without protobuf. Fields are ANDed, values
// within one list are ORed, and an empty list or an unset bound is no condition. "" in a list
// stands for unset. A basket whose customer is unknown or deleted fails every customer condition.
struct Population {
  std::vector<std::string> genders;
  std::optional<int32_t> min_age;  // Inclusive. A customer without an age fails any bound.
  std::optional<int32_t> max_age;
  std::vector<std::string> income_levels;
  std::vector<std::string> customer_segments;
  std::vector<std::string> shopping_preferences;
  std::vector<std::string> cities;
  std::vector<std::string> channels;
  std::vector<std::string> payment_types;
  std::optional<int32_t> start_day;  // Inclusive days since 1970-01-01.
  std::optional<int32_t> end_day;

  bool operator==(const Population&) const = default;
};

// What catalog says of a customer: what the shop calls the customer, and the attributes that
// populations refer to. "" means unset.
struct Customer {
  std::string gender;
  std::optional<int32_t> age;
  std::string income_level;
  std::string customer_segment;
  std::string shopping_preference;
  std::string city;
  std::string external_id = {};
  bool guest = false;  // No person, but for example the till.
};

// One purchase in its latest state. `product_skus` may be unsorted and have repeats.
struct Basket {
  int64_t transaction_id = 0;
  int64_t customer_id = 0;
  int32_t epoch_day = 0;
  std::string channel;       // "" means unset.
  std::string payment_type;  // "" means unset.
  std::vector<int64_t> product_skus;
};

// The attributes of a product in catalog.
struct Product {
  std::string name;
  std::string category;  // "" means unset.
  std::string brand;     // "" means unset.
  int64_t price_cents = 0;
  std::optional<int64_t> unit_cost_cents;
  bool in_stock = true;
  std::string external_id = {};  // What the shop calls it; "" means unset.
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_POPULATION_H_
