#ifndef CLUSTR_SERVICES_BUNDLES_MINING_REFERENCE_REFERENCE_MINER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_REFERENCE_REFERENCE_MINER_H_

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/bundles/mining/base/thresholds.h"

namespace clustr::mining {

// A rule with its counts, as a plain value. Both sides are ascending.
struct ReferenceRule {
  std::vector<int64_t> antecedents = {};
  std::vector<int64_t> consequents = {};
  int64_t count_a = 0;
  int64_t count_b = 0;
  int64_t count_ab = 0;

  auto operator<=>(const ReferenceRule&) const = default;
};

// The tid-list of each product: the numbers of the baskets that contain it, ascending and distinct,
// each in [0, basket_count).
using TidListsBySku = std::map<int64_t, std::vector<uint32_t>>;

// Every rule that meets `thresholds`, sorted: the result that MineRules must have. Shares no code
// with it, so that an error in one shows as a difference: works on tid-lists instead of baskets,
// counts each side anew, and has its own measures. The only exception is a p-value within 1e-6 of
// max_p_value, for which FisherPValue decides, because that is the number that is reported.
// `basket_count` is the number of non-empty baskets. Thresholds must be valid. Simple rather than
// fast, and without a limit of rules. Asks `wanted` for each set, and returns its status unless
// that is OK.
absl::StatusOr<std::vector<ReferenceRule>> MineReferenceRules(
    const TidListsBySku& tid_lists, int64_t basket_count, const Thresholds& thresholds,
    absl::FunctionRef<absl::Status()> wanted = [] { return absl::OkStatus(); });

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_REFERENCE_REFERENCE_MINER_H_
