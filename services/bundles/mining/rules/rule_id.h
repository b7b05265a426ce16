#ifndef CLUSTR_SERVICES_BUNDLES_MINING_RULES_RULE_ID_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_RULES_RULE_ID_H_

#include <cstdint>

#include "absl/types/span.h"

namespace clustr::mining {

// The rule_id of a rule: 64-bit FNV-1a over the ASCII text of both sides, `1,2>3` (decimal numbers,
// ascending, with a comma between numbers and `>` between the sides), without the top bit; 0
// becomes 1. The result is in [1, 2^63 - 1] and the same on every machine, but two rules may share
// it, so it is not a key. Both spans hold product_sku values, ascending and distinct.
int64_t RuleId(absl::Span<const int64_t> antecedents, absl::Span<const int64_t> consequents);

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_RULES_RULE_ID_H_
