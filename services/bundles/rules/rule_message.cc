#include "services/bundles/rules/rule_message.h"

#include <optional>
#include <string>

#include "services/bundles/mining/measures/p_value.h"
#include "services/bundles/mining/rules/rule_id.h"

namespace clustr::rules {
namespace {

std::string NameOf(const index::Snapshot* shop, int64_t sku) {
  if (shop == nullptr) return "";
  const std::optional<mining::Item> item = shop->item_of(sku);
  const index::Product* product = item ? shop->product(*item) : nullptr;
  return product == nullptr ? "" : product->name;
}

void FillMeasures(const mining::RuleCounts& counts, bundles::v1::RuleMeasures* measures) {
  measures->set_leverage(mining::Leverage(counts));
  if (const std::optional<double> conviction = mining::Conviction(counts)) {
    measures->set_conviction(*conviction);
  }
  measures->set_zhangs_metric(mining::ZhangsMetric(counts));
  measures->set_jaccard(mining::Jaccard(counts));
  measures->set_certainty(mining::Certainty(counts));
  measures->set_kulczynski(mining::Kulczynski(counts));
  measures->set_p_value(mining::FisherPValue(counts).value);
  const mining::Interval lift = mining::LiftInterval(counts);
  measures->set_lift_low(lift.low);
  measures->set_lift_high(lift.high);
}

}  // namespace

void FillRule(absl::Span<const int64_t> antecedents, absl::Span<const int64_t> consequents,
              const mining::RuleCounts& counts, bundles::v1::BundleRule* rule) {
  rule->set_rule_id(mining::RuleId(antecedents, consequents));
  rule->mutable_antecedents()->Assign(antecedents.begin(), antecedents.end());
  rule->mutable_consequents()->Assign(consequents.begin(), consequents.end());
  rule->set_support(mining::Support(counts));
  rule->set_confidence(mining::Confidence(counts));
  rule->set_lift(mining::Lift(counts));
  rule->set_count_a(counts.count_a);
  rule->set_count_b(counts.count_b);
  rule->set_count_ab(counts.count_ab);
  rule->set_basket_count(counts.basket_count);
}

void FillRule(const SkuRules& rules, size_t i, bundles::v1::BundleRule* rule) {
  FillRule(rules.antecedents(i), rules.consequents(i), rules.counts(i), rule);
}

void AddShopIds(const index::Snapshot* shop, bundles::v1::BundleRule* rule) {
  const auto id_of = [&](int64_t sku) { return shop == nullptr ? "" : shop->external_id_of(sku); };
  for (const int64_t sku : rule->antecedents()) rule->add_antecedent_external_ids(id_of(sku));
  for (const int64_t sku : rule->consequents()) rule->add_consequent_external_ids(id_of(sku));
}

void AddDetails(const index::Snapshot* shop, bundles::v1::BundleRule* rule) {
  FillMeasures({rule->count_a(), rule->count_b(), rule->count_ab(), rule->basket_count()},
               rule->mutable_measures());
  for (const int64_t sku : rule->antecedents()) rule->add_product_names(NameOf(shop, sku));
  for (const int64_t sku : rule->consequents()) rule->add_product_names(NameOf(shop, sku));
}

}  // namespace clustr::rules
