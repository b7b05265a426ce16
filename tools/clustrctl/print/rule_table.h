#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_RULE_TABLE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_RULE_TABLE_H_

#include <ostream>
#include <string>

#include "clustr/bundles/v1/bundle_rule.pb.h"
#include "google/protobuf/repeated_field.h"
#include "tools/clustrctl/print/text_table.h"

namespace clustr::ctl {

// A human-readable table of rules, with product names where the rules have them.
class RuleTable {
 public:
  RuleTable();

  void Add(const bundles::v1::BundleRule& rule);
  void Print(std::ostream& out, size_t width) const { table_.Print(out, width); }

 private:
  TextTable table_;
};

// Writes products as `1001 Crew Tee + 85123A Chinos`, by what RowId says of skus[i] and
// external_ids[i], where the latter has an entry. The name of skus[i] is names[first_name + i]; it
// is left out if `names` is too short.
std::string DescribeProducts(const google::protobuf::RepeatedField<int64_t>& skus,
                             const google::protobuf::RepeatedPtrField<std::string>& external_ids,
                             const google::protobuf::RepeatedPtrField<std::string>& names,
                             int first_name);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_RULE_TABLE_H_
