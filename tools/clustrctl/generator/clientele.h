#ifndef CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CLIENTELE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CLIENTELE_H_

#include <cstdint>
#include <vector>

#include "clustr/catalog/v1/customer.pb.h"
#include "tools/clustrctl/generator/random.h"

namespace clustr::generator {

// What a basket depends on of its customer.
struct Shopper {
  uint8_t preference = 0;  // Index into kPreferences.
  uint8_t age = 0;
  double visits = 0;  // Relative: a few customers make many of the purchases.
};

// A customer with consistent attributes: `dob` is `age` years before the year's end, income grows
// with age, preference follows gender, age and income, segment follows visits. The customer_id is
// given. `year` is that of the shop's last day.
catalog::v1::Customer MakeCustomer(int64_t customer_id, int year, Random& random, Shopper* shopper);

}  // namespace clustr::generator

#endif  // CLUSTR_TOOLS_CLUSTRCTL_GENERATOR_CLIENTELE_H_
