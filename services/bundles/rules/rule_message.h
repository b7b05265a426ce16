#ifndef CLUSTR_SERVICES_BUNDLES_RULES_RULE_MESSAGE_H_
#define CLUSTR_SERVICES_BUNDLES_RULES_RULE_MESSAGE_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "services/bundles/index/snapshot.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/rules/sku_rules.h"

// Rules as clients and the database see them. Every figure is computed from the four counts. Pure
// functions.
namespace clustr::rules {

// Fills in the fields of RULE_VIEW_BASIC. Both sides must be ascending.
void FillRule(absl::Span<const int64_t> antecedents, absl::Span<const int64_t> consequents,
              const mining::RuleCounts& counts, bundles::v1::BundleRule* rule);
void FillRule(const SkuRules& rules, size_t i, bundles::v1::BundleRule* rule);

// Adds the external_ids of both sides. A product that `shop` does not know gets ""; so does every
// product if `shop` is null.
void AddShopIds(const index::Snapshot* shop, bundles::v1::BundleRule* rule);

// Adds the fields that RULE_VIEW_FULL has beyond RULE_VIEW_BASIC. A product that `shop` does not
// know gets the name ""; so does every product if `shop` is null.
void AddDetails(const index::Snapshot* shop, bundles::v1::BundleRule* rule);

}  // namespace clustr::rules

#endif  // CLUSTR_SERVICES_BUNDLES_RULES_RULE_MESSAGE_H_
