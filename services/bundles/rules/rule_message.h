#ifndef CLUSTR_SERVICES_BUNDLES_RULES_RULE_MESSAGE_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_RULE_MESSAGE_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/rules/sku_rules.h"

// Rules as clients and the database see them: every figure computed from the four counts. Pure.
namespace clustr::rules {

// RULE_VIEW_BASIC. Both sides ascending.
void FillRule(absl::Span<const int64_t> antecedents, absl::Span<const int64_t> consequents,
              const mining::RuleCounts& counts, bundles::v1::BundleRule* rule);
void FillRule(const SkuRules& rules, size_t i, bundles::v1::BundleRule* rule);

// Adds what RULE_VIEW_FULL has beyond it. A product that `shop` does not know, or any where it is
// null, has the name "".
void AddDetails(const index::Snapshot* shop, bundles::v1::BundleRule* rule);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_RULE_MESSAGE_H_
