#ifndef CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_RULE_MERGE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_RULE_MERGE_H_

#include <string_view>

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "google/protobuf/repeated_field.h"

namespace clustr::ctl {

// Merges two lists of rules that bundles gave in the order `order_by`, so that `rules` is one list
// in that order. `order_by` must be one that bundles accepted. O(n).
void MergeRules(std::string_view order_by,
                const google::protobuf::RepeatedPtrField<bundles::v1::BundleRule>& more,
                google::protobuf::RepeatedPtrField<bundles::v1::BundleRule>* rules);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_COMMANDS_ROWS_RULE_MERGE_H_
