#include "services/bundles/mining/base/thresholds.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace clustr::mining {
namespace {

// The condition states what is allowed, because a NaN fails every comparison.
absl::Status CheckShare(absl::string_view field, double value) {
  if (value >= 0 && value <= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("thresholds.", field, ": ", value, " is not between 0 and 1; give 0 to 1"));
}

}  // namespace

absl::Status ValidateThresholds(const Thresholds& thresholds) {
  const Thresholds& t = thresholds;
  if (absl::Status s = CheckShare("min_support", t.min_support); !s.ok()) return s;
  if (absl::Status s = CheckShare("min_confidence", t.min_confidence); !s.ok()) return s;
  if (!(t.min_lift >= 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("thresholds.min_lift: ", t.min_lift, " is not 0 or above; give 0 or more"));
  }
  if (!(t.min_leverage >= -1 && t.min_leverage <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat("thresholds.min_leverage: ", t.min_leverage,
                                                   " is not between -1 and 1; give -1 to 1"));
  }
  if (!(t.min_conviction >= 0)) {
    return absl::InvalidArgumentError(absl::StrCat("thresholds.min_conviction: ", t.min_conviction,
                                                   " is not 0 or above; give 0 or more"));
  }
  if (t.min_count < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("thresholds.min_count: ", t.min_count, " is below 1; give 1 or more"));
  }
  if (t.max_p_value.has_value()) {
    if (absl::Status s = CheckShare("max_p_value", *t.max_p_value); !s.ok()) return s;
  }
  if (t.max_items < 2 || t.max_items > kMaxRuleItems) {
    return absl::InvalidArgumentError(absl::StrCat("thresholds.max_items: ", t.max_items,
                                                   " is not between 2 and ", kMaxRuleItems,
                                                   "; give 2 to ", kMaxRuleItems));
  }
  if (t.max_consequents < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("thresholds.max_consequents: ", t.max_consequents,
                     " is below 0; give 1 or more, or 0 for no limit"));
  }
  return absl::OkStatus();
}

}  // namespace clustr::mining
