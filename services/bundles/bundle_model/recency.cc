#include "services/bundles/bundle_model/recency.h"

#include <cmath>

namespace clustr::bundle_model {

Recency::Recency(int32_t first_day, int32_t newest_day, double half_life_days)
    : newest_day_(newest_day) {
  const int64_t count = std::min(int64_t{newest_day} - first_day + 1, kMaxDays);
  uint64_t sum = 0;
  for (int64_t age = 0; age < count; ++age) {
    const double weight =
        half_life_days == 0 ? 1 : std::exp2(-static_cast<double>(age) / half_life_days);
    units_.push_back(static_cast<uint64_t>(std::llround(weight * kUnit)));
    sum += units_.back();
  }
  days_ = PurchasesOf(sum);
}

}  // namespace clustr::bundle_model
