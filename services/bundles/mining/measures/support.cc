#include "services/bundles/mining/measures/support.h"

#include <algorithm>

namespace clustr::mining {

int64_t MinCount(double min_support, int64_t basket_count, int64_t min_count) {
  if (basket_count == 0) return min_count;
  const double n = static_cast<double>(basket_count);
  const auto meets = [&](int64_t c) { return static_cast<double>(c) / n >= min_support; };
  // The product is within a few units of the result; the division decides.
  int64_t count = static_cast<int64_t>(min_support * n);
  while (count > 0 && meets(count - 1)) --count;
  while (!meets(count)) ++count;
  return std::max(count, min_count);
}

}  // namespace clustr::mining
