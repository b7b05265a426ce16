#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_THRESHOLDS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_THRESHOLDS_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"

namespace clustr::mining {

// Highest value of Thresholds::max_items.
inline constexpr int kMaxRuleItems = 8;

// Which rules are wanted: clustr.bundles.v1.RuleThresholds with its defaults. Only callers of the
// kernel as a library set min_leverage and min_conviction; neither the floor nor the reference
// miner knows them. A rule meets a bound if the double that is reported meets it, also at equality.
struct Thresholds {
  double min_support = 0.005;
  double min_confidence = 0;
  double min_lift = 1;
  double min_leverage = -1;   // -1 (leverage) and 0 (conviction) disable the bound.
  double min_conviction = 0;  // Rules of infinite conviction meet every bound.
  int64_t min_count = 2;      // Number of baskets. Applies in addition to min_support.
  std::optional<double> max_p_value = std::nullopt;  // Unset: rules are not tested.
  int max_items = 4;                                 // Maximum size of both sides together.
  int max_consequents = 0;  // Maximum size of the consequent. 0: only max_items limits it.

  bool operator==(const Thresholds&) const = default;
};

// INVALID_ARGUMENT if a value is out of range, with its field and a remedy, for example
// `thresholds.min_support: nan is not between 0 and 1; give 0 to 1`.
absl::Status ValidateThresholds(const Thresholds& thresholds);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_THRESHOLDS_H_
