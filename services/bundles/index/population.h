#ifndef CLUSTR_SERVICES_BUNDLES_INDEX_POPULATION_H_
#define CLUSTR_SERVICES_BUNDLES_INDEX_POPULATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clustr::index {

// Which baskets count: clustr.bundles.v1.Population without protobuf. Fields are ANDed, values
// within one list are ORed, an empty list or an unset bound is no condition. "" in a list stands
// for unset. A basket whose customer is unknown or deleted is outside every customer condition.
struct Population {
  std::vector<std::string> genders;
  std::optional<int32_t> min_age;  // Inclusive; a customer without an age is outside any bound.
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

// What catalog says of a customer, as far as populations ask. "" is unset.
struct Customer {
  std::string gender;
  std::optional<int32_t> age;
  std::string income_level;
  std::string customer_segment;
  std::string shopping_preference;
  std::string city;
};

// One purchase as it stands now. `product_skus` may come unsorted and with repeats.
struct Basket {
  int64_t transaction_id = 0;
  int64_t customer_id = 0;
  int32_t epoch_day = 0;
  std::string channel;       // "" is unset.
  std::string payment_type;  // "" is unset.
  std::vector<int64_t> product_skus;
};

// What catalog says of a product. Prices in cents.
struct Product {
  std::string name;
  std::string category;  // "" is unset.
  std::string brand;     // "" is unset.
  int64_t price_cents = 0;
  std::optional<int64_t> unit_cost_cents;
  bool in_stock = true;
};

}  // namespace clustr::index

#endif  // CLUSTR_SERVICES_BUNDLES_INDEX_POPULATION_H_
