#include "services/bundles/rule_sets/rule_intake.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error_reason.h"
#include "common/schema/validator.h"
#include "services/bundles/program/durable_file.h"
#include "services/bundles/rules/rule_filter.h"

namespace clustr::bundles {
namespace {

std::vector<int64_t> Sorted(const google::protobuf::RepeatedField<int64_t>& skus) {
  std::vector<int64_t> sorted(skus.begin(), skus.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::string LineOf(const v1::CountedRule& rule) {
  return absl::StrCat(absl::StrJoin(rule.antecedents(), ","), ">",
                      absl::StrJoin(rule.consequents(), ","), " ", rule.count_a(), " ",
                      rule.count_b(), " ", rule.count_ab(), "\n");
}

}  // namespace

void RuleIntake::Take(const v1::CountedRule& rule) {
  ++rule_count_;
  content_ = RawSha256(absl::StrCat(content_, LineOf(rule)));
  Sides sides = {Sorted(rule.antecedents()), Sorted(rule.consequents()), {}};
  std::merge(sides.antecedents.begin(), sides.antecedents.end(), sides.consequents.begin(),
             sides.consequents.end(), std::back_inserter(sides.all));
  const std::vector<Violation> violations = Check(rule, sides);
  if (!violations.empty()) return Refuse(violations);
  counts_.Add(sides.antecedents, rule.count_a());
  counts_.Add(sides.consequents, rule.count_b());
  counts_.Add(sides.all, rule.count_ab());
  rules_.Add(sides.antecedents, sides.consequents,
             {rule.count_a(), rule.count_b(), rule.count_ab(), rules_.basket_count()});
  by_sides_.Add(static_cast<uint32_t>(rules_.size() - 1));
}

std::vector<Violation> RuleIntake::Check(const v1::CountedRule& rule, const Sides& sides) const {
  std::vector<Violation> violations;
  schema::ValidatorOf<v1::CountedRule>().Check(rule, "", &violations);
  if (!violations.empty()) return violations;
  CheckProducts(sides, &violations);
  CheckCounts(rule, &violations);
  if (violations.empty()) CheckAgainstOthers(rule, sides, &violations);
  return violations;
}

void RuleIntake::CheckProducts(const Sides& sides, std::vector<Violation>* violations) const {
  if (sides.all.size() > static_cast<size_t>(mining::kMaxRuleItems)) {
    violations->push_back(
        {"consequents", absl::StrCat("the rule has ", sides.all.size(), " products; give at most ",
                                     mining::kMaxRuleItems, " on both sides together")});
  }
  for (const int64_t sku : sides.consequents) {
    if (!std::binary_search(sides.antecedents.begin(), sides.antecedents.end(), sku)) continue;
    violations->push_back(
        {"consequents",
         absl::StrCat(sku, " is also in antecedents; name each product on one side only")});
  }
  for (const auto& [field, side] : {std::pair("antecedents", &sides.antecedents),
                                    std::pair("consequents", &sides.consequents)}) {
    for (const int64_t sku : *side) {
      if (shop_->item_of(sku)) continue;
      violations->push_back(
          {field,
           absl::StrCat("there is no product ", sku, "; create it first, or leave out the rule"),
           common::v1::ERROR_REASON_REFERENCE_MISSING,
           {{"value", absl::StrCat(sku)}}});
    }
  }
}

void RuleIntake::CheckCounts(const v1::CountedRule& rule,
                             std::vector<Violation>* violations) const {
  const int64_t baskets = rules_.basket_count();
  const auto check_side = [&](const char* field, int64_t count) {
    if (count > baskets) {
      violations->push_back({field, absl::StrCat(count, " is above basket_count, which is ",
                                                 baskets, "; give at most that")});
    }
    if (rule.count_ab() > count) {
      violations->push_back(
          {"count_ab", absl::StrCat(rule.count_ab(), " is above ", field, ", which is ", count,
                                    "; give the number of baskets that hold both sides")});
    }
  };
  check_side("count_a", rule.count_a());
  check_side("count_b", rule.count_b());
  if (!violations->empty()) return;
  if (const int64_t either = rule.count_a() + rule.count_b() - rule.count_ab(); either > baskets) {
    violations->push_back(
        {"count_ab", absl::StrCat(rule.count_ab(), " leaves ", either,
                                  " baskets with either side, but basket_count is ", baskets,
                                  "; give the number of baskets that hold both sides")});
  }
}

void RuleIntake::CheckAgainstOthers(const v1::CountedRule& rule, const Sides& sides,
                                    std::vector<Violation>* violations) const {
  if (by_sides_.Find(sides.antecedents, sides.consequents)) {
    violations->push_back({"", "an earlier rule has the same sides; give each rule once"});
    return;
  }
  const auto check = [&](const char* field, const std::vector<int64_t>& skus, int64_t count) {
    const std::optional<int64_t> before = counts_.Find(skus);
    if (before.value_or(count) == count) return;
    violations->push_back(
        {field, absl::StrCat(count, " is not what an earlier rule says of the products ",
                             absl::StrJoin(skus, ","), ", which is ", *before,
                             "; give each set of products one count")});
  };
  check("count_a", sides.antecedents, rule.count_a());
  check("count_b", sides.consequents, rule.count_b());
  check("count_ab", sides.all, rule.count_ab());
  if (!rules::MeetsThresholds(
          {rule.count_a(), rule.count_b(), rule.count_ab(), rules_.basket_count()},
          sides.antecedents.size(), sides.consequents.size(), thresholds_)) {
    violations->push_back(
        {"", "does not meet header.thresholds; leave out the rule, or state what was mined"});
  }
}

void RuleIntake::Refuse(const std::vector<Violation>& violations) {
  if (errors_.size() == kMaxReported) return;
  common::v1::RowError& error = errors_.emplace_back();
  error.set_row(rule_count_);
  for (const Violation& violation : violations) {
    common::v1::FieldViolation* reported = error.add_violations();
    reported->set_field(violation.field);
    reported->set_description(violation.description);
    reported->set_reason(std::string(ReasonName(violation.reason)));
  }
}

}  // namespace clustr::bundles
