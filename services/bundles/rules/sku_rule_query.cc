#include "services/bundles/rules/sku_rule_query.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/bundles/index/projection.h"
#include "services/bundles/mining/measures/support.h"
#include "services/bundles/mining/rules.h"

namespace clustr::rules {
namespace {

// With fewer baskets per thread, starting and joining the threads costs more than they save.
constexpr int64_t kMinBasketsPerThread = 100'000;
// Sets of products from which one question makes its rules: half as many as rules, as most sets
// make two rules or more, within these bounds. Each takes about 60 bytes.
constexpr int64_t kMinItemsets = 1'000'000;
constexpr int64_t kMaxItemsets = 10'000'000;

// Appends the items of `skus`. False if the shop does not know one of them.
bool FindItems(const index::Snapshot& shop, const std::vector<int64_t>& skus,
               std::vector<mining::Item>* items) {
  for (const int64_t sku : skus) {
    const std::optional<mining::Item> item = shop.item_of(sku);
    if (!item) return false;
    items->push_back(*item);
  }
  return true;
}

// The refusal of a question with more rules, or more sets of products, than it may have.
absl::Status TooMany(const mining::RuleQuery& query, bool itemsets, std::optional<double> fits) {
  std::string what = "more rules match than this server answers with, ";
  std::string remedy = "raise thresholds.min_support, or set antecedent_skus or consequent_skus";
  if (itemsets) {
    what = "the rules come from more sets of products than this server keeps for one question, ";
    remedy = "raise thresholds.min_support or thresholds.min_count, or lower thresholds.max_items";
  }
  const int64_t limit = itemsets ? query.max_itemsets : query.max_rules;
  ErrorMetadata metadata = {{"limit", absl::StrCat(limit)}};
  if (fits) {
    // 17 digits, so that reading the text gives the same double.
    const std::string min_support = absl::StrFormat("%.17g", *fits);
    remedy = absl::StrCat("a thresholds.min_support of ", min_support, " fits");
    metadata.emplace_back("min_support", min_support);
  }
  return MakeError(common::v1::ERROR_REASON_RESULT_LIMIT, absl::StrCat(what, limit, "; ", remedy),
                   metadata);
}

// The rules of a query. RESOURCE_EXHAUSTED if there are too many, or too many sets of products.
absl::StatusOr<SkuRules> Mine(const index::Snapshot& shop, const mining::BasketView& baskets,
                              const mining::RuleQuery& query) {
  SkuRules rules(query.basket_count);
  std::vector<int64_t> antecedents;
  std::vector<int64_t> consequents;
  const auto look_up = [&](absl::Span<const mining::Item> items, std::vector<int64_t>* skus) {
    skus->clear();
    for (const mining::Item item : items) skus->push_back(shop.sku_of(item));
  };
  bool full = false;
  CLUSTR_RETURN_IF_ERROR(mining::MineRulesTo(baskets, query, [&](const mining::FoundRule& rule) {
    full = static_cast<int64_t>(rules.size()) == query.max_rules;
    if (full) return false;
    look_up(rule.antecedents, &antecedents);
    look_up(rule.consequents, &consequents);
    rules.Add(antecedents, consequents, rule.counts);
    return true;
  }));
  if (full) return absl::ResourceExhaustedError("too many rules");
  return rules;
}

}  // namespace

absl::StatusOr<SkuRules> MineSkuRules(const index::Snapshot& shop,
                                      const index::Selection& selection, const SkuRuleQuery& query,
                                      int64_t max_rules, const Caller& caller, int threads) {
  mining::RuleQuery rule_query = {
      .thresholds = query.thresholds,
      .basket_count = selection.basket_count,
      .max_rules = max_rules,
      .max_itemsets = std::clamp(max_rules / 2, kMinItemsets, kMaxItemsets),
      .only_improving = query.only_improving,
      .threads = static_cast<int>(
          std::clamp<int64_t>(selection.basket_count / kMinBasketsPerThread, 1, threads)),
      .limits = {.deadline = caller.end().time(),
                 .cancelled = caller.cancelled,
                 .draining = caller.limit.draining}};
  if (!FindItems(shop, query.antecedent_skus, &rule_query.antecedents) ||
      !FindItems(shop, query.consequent_skus, &rule_query.consequents)) {
    return SkuRules(selection.basket_count);
  }
  // Baskets with a single product stay in: they count for the sides of rules.
  const index::Projection projection = index::Project(
      shop, selection,
      {.min_count = mining::MinCount(query.thresholds.min_support, selection.basket_count,
                                     query.thresholds.min_count),
       .allowed = {},
       .min_basket_size = 1});
  absl::StatusOr<SkuRules> found = Mine(shop, projection.view(), rule_query);
  if (found.ok()) return found;
  absl::Status refusal = found.status();
  if (absl::IsResourceExhausted(refusal)) {
    const std::optional<double> fits = mining::MinFittingSupport(projection.view(), rule_query);
    refusal = TooMany(rule_query, absl::StrContains(refusal.message(), "itemsets"), fits);
    if (fits && query.may_raise_support) {
      rule_query.thresholds.min_support = *fits;
      found = Mine(shop, projection.view(), rule_query);
      if (found.ok()) {
        found->set_raised_min_support(*fits);
        return found;
      }
      if (!absl::IsResourceExhausted(found.status())) refusal = found.status();
    }
  }
  CLUSTR_RETURN_IF_ERROR(caller.Waits());  // If nobody waits any more, that is the reason.
  return refusal;
}

}  // namespace clustr::rules
