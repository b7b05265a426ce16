#ifndef CLUSTR_SERVICES_BUNDLES_RULES_RULE_ORDER_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_RULE_ORDER_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/bundles/rules/sku_rules.h"

namespace clustr::rules {

enum class RuleField { kLift, kConfidence, kSupport, kCountAb, kLeverage, kPValue, kRuleId };

struct OrderTerm {
  RuleField field;
  bool descending;

  bool operator==(const OrderTerm&) const = default;
};

// By the first term, ties by the next.
using RuleOrder = std::vector<OrderTerm>;

// The order that an order_by asks for: distinct fields with commas between, ascending unless
// ` desc` follows. Empty: by lift, greatest first. INVALID_ARGUMENT saying what is allowed, for
// FIELD_INVALID.
absl::StatusOr<RuleOrder> ParseRuleOrder(absl::string_view order_by);

// Positions of all rules in this order, which is total: ties end in rule_id, then in the sides, all
// ascending. P-values are ordered by their logarithms. Fewer than 2^32 rules.
std::vector<uint32_t> SortRules(const SkuRules& rules, const RuleOrder& order);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_RULE_ORDER_H_
