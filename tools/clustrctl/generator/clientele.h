#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CLIENTELE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CLIENTELE_H_

#include <cstdint>
#include <vector>

#include "clustr/catalog/v1/customer.pb.h"
#include "tools/clustrctl/generator/random.h"

namespace clustr::generator {

// The attributes of a customer that baskets depend on.
struct Shopper {
  uint8_t preference = 0;  // Index into kPreferences.
  uint8_t age = 0;
  double visits = 0;  // Relative frequency; a few customers make many of the purchases.
  bool woman = false;
};

// Makes a customer with consistent attributes, and the shopper behind it: income grows with age,
// the preference follows from gender, age and income, and the frequency of visits follows from the
// segment. The customer is `age` years old at the end of `year`, the year of the shop's last day.
catalog::v1::Customer MakeCustomer(int64_t customer_id, int year, Random& random, Shopper* shopper);

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CLIENTELE_H_
