#include "tools/clustrctl/commands/rows/rule_merge.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"

namespace clustr::ctl {
namespace {

using bundles::v1::BundleRule;

struct Term {
  std::string field;
  bool descending = false;
};

std::vector<Term> ParseOrder(std::string_view order_by) {
  std::vector<Term> terms;
  for (const absl::string_view text :
       absl::StrSplit(absl::string_view(order_by.data(), order_by.size()), ',')) {
    const std::vector<std::string> words =
        absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (!words.empty()) terms.push_back({words[0], words.size() > 1});
  }
  if (terms.empty()) terms.push_back({"lift", true});  // The order that bundles takes by default.
  return terms;
}

// The value by which a rule is ordered: a field of the rule or of its measures.
double ValueOf(const BundleRule& rule, const std::string& field) {
  if (field == "leverage") return rule.measures().leverage();
  if (field == "p_value") return rule.measures().p_value();
  if (field == "lift") return rule.lift();
  if (field == "confidence") return rule.confidence();
  if (field == "support") return rule.support();
  return static_cast<double>(rule.count_ab());
}

bool Before(const std::vector<Term>& order, const BundleRule& a, const BundleRule& b) {
  for (const Term& term : order) {
    if (term.field == "rule_id") {
      if (a.rule_id() == b.rule_id()) continue;
      return (a.rule_id() < b.rule_id()) != term.descending;
    }
    const double value_a = ValueOf(a, term.field);
    const double value_b = ValueOf(b, term.field);
    if (value_a != value_b) return (value_a < value_b) != term.descending;
  }
  if (a.rule_id() != b.rule_id()) return a.rule_id() < b.rule_id();
  const auto sides = [](const auto& left, const auto& right) {
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
  };
  if (sides(a.antecedents(), b.antecedents())) return true;
  if (sides(b.antecedents(), a.antecedents())) return false;
  return sides(a.consequents(), b.consequents());
}

}  // namespace

void MergeRules(std::string_view order_by,
                const google::protobuf::RepeatedPtrField<BundleRule>& more,
                google::protobuf::RepeatedPtrField<BundleRule>* rules) {
  const std::vector<Term> order = ParseOrder(order_by);
  google::protobuf::RepeatedPtrField<BundleRule> merged;
  auto left = rules->begin();
  auto right = more.begin();
  while (left != rules->end() || right != more.end()) {
    const bool take_right =
        left == rules->end() || (right != more.end() && Before(order, *right, *left));
    *merged.Add() = take_right ? *right++ : *left++;
  }
  rules->Swap(&merged);
}

}  // namespace clustr::ctl
