#include "services/bundles/rules/rule_order.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"
#include "services/bundles/mining/measures/measures.h"
#include "services/bundles/mining/measures/p_value.h"

namespace clustr::rules {
namespace {

constexpr std::pair<absl::string_view, RuleField> kFields[] = {
    {"lift", RuleField::kLift},         {"confidence", RuleField::kConfidence},
    {"support", RuleField::kSupport},   {"count_ab", RuleField::kCountAb},
    {"leverage", RuleField::kLeverage}, {"p_value", RuleField::kPValue},
    {"rule_id", RuleField::kRuleId}};

std::optional<OrderTerm> ParseTerm(absl::string_view text) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.empty() || words.size() > 2) return std::nullopt;
  if (words.size() == 2 && words[1] != "desc") return std::nullopt;
  for (const auto& [name, field] : kFields) {
    if (words[0] == name) return OrderTerm{field, words.size() == 2};
  }
  return std::nullopt;
}

// `field` must not be kRuleId, which a double cannot represent.
double Measure(RuleField field, const mining::RuleCounts& counts) {
  switch (field) {
    case RuleField::kLift:
      return mining::Lift(counts);
    case RuleField::kConfidence:
      return mining::Confidence(counts);
    case RuleField::kSupport:
      return mining::Support(counts);
    case RuleField::kCountAb:
      return static_cast<double>(counts.count_ab);
    case RuleField::kLeverage:
      return mining::Leverage(counts);
    case RuleField::kPValue:
      return mining::FisherPValue(counts).log;
    case RuleField::kRuleId:
      break;
  }
  return 0;
}

// A rule to sort. The first key is stored next to the position because it nearly always decides.
struct Ranked {
  double key;
  uint32_t rule;
};

}  // namespace

absl::StatusOr<RuleOrder> ParseRuleOrder(absl::string_view order_by) {
  if (absl::StripAsciiWhitespace(order_by).empty()) return RuleOrder{{RuleField::kLift, true}};
  RuleOrder order;
  for (absl::string_view text : absl::StrSplit(order_by, ',')) {
    const std::optional<OrderTerm> term = ParseTerm(text);
    if (!term) {
      return absl::InvalidArgumentError(
          absl::StrCat(Quoted(order_by),
                       " is not an order; use one of lift, confidence, support, count_ab, "
                       "leverage, p_value, rule_id, followed by ` desc` for descending order"));
    }
    const bool twice = std::any_of(order.begin(), order.end(), [&](const OrderTerm& before) {
      return before.field == term->field;
    });
    if (twice) {
      return absl::InvalidArgumentError(
          absl::StrCat(Quoted(order_by), " names a field twice; name it once"));
    }
    order.push_back(*term);
  }
  return order;
}

std::vector<uint32_t> SortRules(const SkuRules& rules, const RuleOrder& order) {
  // keys[t][i] is the sort key of rule i for term t, lowest first. keys[t] is empty for kRuleId.
  std::vector<std::vector<double>> keys(order.size());
  for (size_t t = 0; t < order.size(); ++t) {
    if (order[t].field == RuleField::kRuleId) continue;
    keys[t].resize(rules.size());
    for (size_t i = 0; i < rules.size(); ++i) {
      const double measure = Measure(order[t].field, rules.counts(i));
      keys[t][i] = order[t].descending ? -measure : measure;
    }
  }
  std::vector<Ranked> ranked(rules.size());
  for (uint32_t i = 0; i < ranked.size(); ++i) {
    ranked[i] = {order.empty() || keys[0].empty() ? 0 : keys[0][i], i};
  }
  std::sort(ranked.begin(), ranked.end(), [&](const Ranked& a, const Ranked& b) {
    if (a.key != b.key) return a.key < b.key;
    const int64_t id_a = rules.rule_id(a.rule);
    const int64_t id_b = rules.rule_id(b.rule);
    for (size_t t = 0; t < order.size(); ++t) {
      if (order[t].field == RuleField::kRuleId) {
        if (id_a != id_b) return order[t].descending ? id_a > id_b : id_a < id_b;
      } else if (keys[t][a.rule] != keys[t][b.rule]) {
        return keys[t][a.rule] < keys[t][b.rule];
      }
    }
    if (id_a != id_b) return id_a < id_b;
    return rules.CompareSides(a.rule, b.rule) < 0;
  });
  std::vector<uint32_t> positions(ranked.size());
  for (size_t i = 0; i < ranked.size(); ++i) positions[i] = ranked[i].rule;
  return positions;
}

}  // namespace clustr::rules
