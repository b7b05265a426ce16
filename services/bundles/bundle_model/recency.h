#ifndef CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENCY_H_
#define CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENCY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace clustr::bundle_model {

// How much a purchase counts, by its age: 2^(-age / half-life), in units of 2^-32. Sums of these
// integers do not depend on the order of the purchases. Immutable.
class Recency {
 public:
  // The days from `first_day` to `newest_day`, which must not be earlier. A half-life of 0 makes
  // all purchases count 1. O(days), and at most kMaxDays of them are kept apart.
  Recency(int32_t first_day, int32_t newest_day, double half_life_days);

  // The weight of a purchase on `day`; one after the newest day counts 1.
  uint64_t UnitsOf(int32_t day) const {
    const int64_t age = std::max<int64_t>(0, int64_t{newest_day_} - day);
    return units_[std::min<size_t>(static_cast<size_t>(age), units_.size() - 1)];
  }
  // No purchase is later.
  int32_t newest_day() const { return newest_day_; }
  // What one purchase on each day amounts to.
  double days() const { return days_; }
  // The number of these days.
  double all_days() const { return static_cast<double>(units_.size()); }

  // `units` as a number of purchases of the newest day.
  static double PurchasesOf(uint64_t units) { return static_cast<double>(units) / kUnit; }

  // Days further back count as one so old.
  static constexpr int64_t kMaxDays = 36'500;

 private:
  static constexpr double kUnit = 4'294'967'296;

  int32_t newest_day_;
  std::vector<uint64_t> units_;  // Indexed by age.
  double days_ = 0;
};

}  // namespace clustr::bundle_model

#endif  // CLUSTR_SERVICES_BUNDLES_BUNDLE_MODEL_RECENCY_H_
