#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BASE_THRESHOLDS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BASE_THRESHOLDS_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"

namespace clustr::mining {

// Most items of a rule that can be asked for.
inline constexpr int kMaxRuleItems = 8;

// Which rules are wanted: clustr.bundles.v1.RuleThresholds with its defaults, and bounds of
// leverage and conviction that no request sets. A bound is met if the double that is reported meets
// it, at equality too.
struct Thresholds {
  double min_support = 0.005;
  double min_confidence = 0;
  double min_lift = 1;
  double min_leverage = -1;                          // -1: no bound, nor does 0 conviction bind.
  double min_conviction = 0;                         // A rule without conviction meets any.
  int64_t min_count = 2;                             // Baskets, whatever min_support comes to.
  std::optional<double> max_p_value = std::nullopt;  // Unset: no test.
  int max_items = 4;                                 // Both sides together.
  int max_consequents = 0;  // Items on the right; 0: no bound but max_items.

  bool operator==(const Thresholds&) const = default;
};

// INVALID_ARGUMENT for a value out of range, with field, value and remedy, for example
// `thresholds.min_support: nan is not between 0 and 1; give 0 to 1`.
absl::Status ValidateThresholds(const Thresholds& thresholds);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BASE_THRESHOLDS_H_
