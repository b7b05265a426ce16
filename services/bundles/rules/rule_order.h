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

// Rules are ordered by the first term, ties by the next one, and so on.
using RuleOrder = std::vector<OrderTerm>;

// Parses an order_by: distinct fields separated by commas, ascending unless ` desc` follows. Empty
// means by lift, descending. INVALID_ARGUMENT if it is not an order; the message is meant for a
// field violation and says what is allowed.
absl::StatusOr<RuleOrder> ParseRuleOrder(absl::string_view order_by);

// The positions of all rules in this order. The order is total: remaining ties are broken by
// rule_id, then by the sides, ascending. P-values are compared by their logarithms. `rules` must
// have fewer than 2^32 rules.
std::vector<uint32_t> SortRules(const SkuRules& rules, const RuleOrder& order);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_RULE_ORDER_H_
