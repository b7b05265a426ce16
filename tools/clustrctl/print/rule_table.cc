#include "tools/clustrctl/print/rule_table.h"

#include "absl/strings/str_cat.h"
#include "tools/clustrctl/print/numbers.h"
#include "tools/clustrctl/print/row_id.h"

namespace clustr::ctl {

RuleTable::RuleTable()
    : table_({{"ANTECEDENTS", Align::kLeft},
              {"CONSEQUENTS", Align::kLeft},
              {"LIFT"},
              {"CONFIDENCE"},
              {"SUPPORT"},
              {"BOTH"},
              {"LEFT"},
              {"RIGHT"}}) {}

void RuleTable::Add(const bundles::v1::BundleRule& rule) {
  table_.Add({DescribeProducts(rule.antecedents(), rule.antecedent_external_ids(),
                               rule.product_names(), 0),
              DescribeProducts(rule.consequents(), rule.consequent_external_ids(),
                               rule.product_names(), rule.antecedents_size()),
              Ratio(rule.lift()), Percent(rule.confidence()), Percent(rule.support()),
              WithSeparators(rule.count_ab()), WithSeparators(rule.count_a()),
              WithSeparators(rule.count_b())});
}

std::string DescribeProducts(const google::protobuf::RepeatedField<int64_t>& skus,
                             const google::protobuf::RepeatedPtrField<std::string>& external_ids,
                             const google::protobuf::RepeatedPtrField<std::string>& names,
                             int first_name) {
  std::string text;
  for (int i = 0; i < skus.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : " + ",
                    RowId(skus[i], i < external_ids.size() ? external_ids[i] : ""));
    if (first_name + i < names.size()) absl::StrAppend(&text, " ", names[first_name + i]);
  }
  return text;
}

}  // namespace clustr::ctl
