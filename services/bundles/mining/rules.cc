#include "services/bundles/mining/rules.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "services/bundles/mining/base/itemset.h"
#include "services/bundles/mining/base/validate_search.h"
#include "services/bundles/mining/layout/frequent_items.h"
#include "services/bundles/mining/measures/support.h"
#include "services/bundles/mining/rules/best_rules.h"
#include "services/bundles/mining/rules/given_rules.h"
#include "services/bundles/mining/rules/itemset_counts.h"
#include "services/bundles/mining/rules/top_rules.h"

namespace clustr::mining {
namespace {

// Highest size that fits the fields of RuleEntry.
constexpr int kMaxItems = 255;

absl::Status Validate(const BasketView& baskets, const RuleQuery& query) {
  if (absl::Status s = ValidateThresholds(query.thresholds); !s.ok()) return s;
  int64_t non_empty = 0;
  for (size_t i = 0; i < baskets.size(); ++i) {
    non_empty += baskets[i].empty() ? 0 : baskets.weight(i);
  }
  if (query.basket_count < non_empty) {
    return absl::InvalidArgumentError(
        absl::StrCat("basket_count: ", query.basket_count, " is below the ", non_empty,
                     " baskets that are not empty; give at least that many"));
  }
  if (query.max_rules < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_rules: ", query.max_rules, " is below 0; give 0 or more"));
  }
  if (query.max_items && (*query.max_items < 2 || *query.max_items > kMaxItems)) {
    return absl::InvalidArgumentError(absl::StrCat("max_items: ", *query.max_items,
                                                   " is not between 2 and ", kMaxItems,
                                                   "; give 2 to ", kMaxItems));
  }
  return ValidateSearch(baskets, query.max_itemsets, query.threads);
}

// The search for the rules of a valid query whose count is at least `min_count`.
class RuleSearch {
 public:
  RuleSearch(const BasketView& baskets, const RuleQuery& query, int64_t min_count)
      : baskets_(baskets),
        thresholds_(query.thresholds),
        basket_count_(query.basket_count),
        query_(query),
        max_items_(query.max_items.value_or(query.thresholds.max_items)),
        min_count_(min_count),
        antecedents_(MakeItemset(query.antecedents)),
        consequents_(MakeItemset(query.consequents)),
        given_(Union(antecedents_, consequents_)) {}

  // The query for the itemsets that the search mines.
  ItemsetQuery AllItemsets() const;

  // Unspecified, or by descending count_ab.
  enum class Order { kAny, kByCount };

  absl::Status Run(RuleSink sink, Order order = Order::kAny) {
    const bool contradictory = given_.size() < antecedents_.size() + consequents_.size();
    if (contradictory || given_.size() > static_cast<size_t>(max_items_)) {
      return absl::OkStatus();
    }
    if (SplitsAll()) return SplitAll(sink, order);
    return MineGivenRules({.baskets = baskets_,
                           .thresholds = thresholds_,
                           .basket_count = basket_count_,
                           .antecedents = antecedents_,
                           .consequents = consequents_,
                           .itemsets = Itemsets(),
                           .by_count = order == Order::kByCount},
                          sink);
  }

 private:
  // True if all itemsets are mined and split, even if sides are given.
  bool SplitsAll() const {
    const bool many_splits = max_items_ > kMaxRuleItems && thresholds_.max_consequents != 1;
    return given_.empty() || query_.only_improving || many_splits;
  }
  absl::Status SplitAll(RuleSink sink, Order order);
  ItemsetQuery Itemsets() const;

  const BasketView& baskets_;
  const Thresholds& thresholds_;
  const int64_t basket_count_;
  const RuleQuery& query_;
  const int max_items_;
  const int64_t min_count_;
  const std::vector<Item> antecedents_;
  const std::vector<Item> consequents_;
  const std::vector<Item> given_;
};

ItemsetQuery RuleSearch::AllItemsets() const {
  ItemsetQuery query = Itemsets();
  if (!SplitsAll()) query.required = given_;
  return query;
}

ItemsetQuery RuleSearch::Itemsets() const {
  return {.min_count = min_count_,
          .max_size = max_items_,
          .max_itemsets = query_.max_itemsets,
          .threads = query_.threads,
          .limits = query_.limits};
}

absl::Status RuleSearch::SplitAll(RuleSink sink, Order order) {
  ItemsetList sets;
  absl::Status status =
      MineItemsets(baskets_, Itemsets(),
                   [&](absl::Span<const Item> items, int64_t count) { sets.Add(items, count); });
  if (!status.ok()) return status;
  const ItemsetCounts counts(sets);
  RuleSplitter splitter(counts, thresholds_, basket_count_, query_.only_improving);
  const auto holds = [](absl::Span<const Item> side, const std::vector<Item>& wanted) {
    return std::includes(side.begin(), side.end(), wanted.begin(), wanted.end());
  };
  std::vector<size_t> numbers(sets.size());
  std::iota(numbers.begin(), numbers.end(), size_t{0});
  if (order == Order::kByCount) {
    std::stable_sort(numbers.begin(), numbers.end(),
                     [&](size_t a, size_t b) { return sets.counts[a] > sets.counts[b]; });
  }
  for (const size_t i : numbers) {
    const bool go_on = splitter.Split(sets[i], sets.counts[i], [&](const FoundRule& rule) {
      return !holds(rule.antecedents, antecedents_) || !holds(rule.consequents, consequents_) ||
             sink(rule);
    });
    if (!go_on) break;
  }
  return absl::OkStatus();
}

int64_t MinCount(const RuleQuery& query) {
  return mining::MinCount(query.thresholds.min_support, query.basket_count,
                          query.thresholds.min_count);
}

// Count of the most frequent item. No rule has a higher one.
int64_t MaxItemCount(const BasketView& baskets) {
  const FrequentItems frequent = CountFrequentItems(baskets, 1);
  return frequent.counts.empty() ? 0 : frequent.counts[0];
}

// The lowest min_count, at least `min_count`, with which `query` stays within max_rules and
// max_itemsets. Unset if that is above the count of every item. Rules come by descending count_ab,
// so the first surplus rule determines the result.
std::optional<int64_t> MinFittingCountOfRules(const BasketView& baskets, const RuleQuery& query,
                                              int64_t min_count) {
  int64_t fits = min_count;
  int64_t rules = 0;
  const auto count_rule = [&](const FoundRule& rule) {
    if (++rules <= query.max_rules) return true;
    fits = rule.counts.count_ab + 1;
    return false;
  };
  absl::Status status =
      RuleSearch(baskets, query, fits).Run(count_rule, RuleSearch::Order::kByCount);
  if (absl::IsResourceExhausted(status)) {
    const std::optional<int64_t> fewer =
        MinFittingCount(baskets, RuleSearch(baskets, query, fits).AllItemsets());
    if (!fewer) return std::nullopt;
    fits = *fewer;
    rules = 0;
    status = RuleSearch(baskets, query, fits).Run(count_rule, RuleSearch::Order::kByCount);
  }
  if (!status.ok() || fits > MaxItemCount(baskets)) return std::nullopt;
  return fits;
}

void Add(const FoundRule& rule, RuleSet& rules) {
  rules.entries.push_back({.offset = rules.items.size(),
                           .antecedent_size = rule.antecedents.size(),
                           .consequent_size = rule.consequents.size(),
                           .count_a = rule.counts.count_a,
                           .count_b = rule.counts.count_b,
                           .count_ab = rule.counts.count_ab});
  rules.items.insert(rules.items.end(), rule.antecedents.begin(), rule.antecedents.end());
  rules.items.insert(rules.items.end(), rule.consequents.begin(), rule.consequents.end());
}

// True if bounds on the measure can skip rules of `query`.
bool CanPrune(const RuleQuery& query, const RankingMeasure& measure) {
  return measure.falls_with_sides && query.antecedents.empty() && query.consequents.empty() &&
         !query.only_improving && query.basket_count < kMaxBasketsOfBounds;
}

}  // namespace

absl::StatusOr<RuleSet> MineRules(const BasketView& baskets, const RuleQuery& query) {
  RuleSet rules;
  rules.basket_count = query.basket_count;
  bool full = false;
  absl::Status status = MineRulesTo(baskets, query, [&](const FoundRule& rule) {
    full = static_cast<int64_t>(rules.size()) == query.max_rules;
    if (!full) Add(rule, rules);
    return !full;
  });
  if (!status.ok()) return status;
  if (full) {
    rules = {};
    const std::optional<int64_t> fits = MinFittingCountOfRules(baskets, query, MinCount(query));
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", query.max_rules, " rules match; ",
                     fits ? absl::StrCat("a min_count of ", *fits, " fits")
                          : std::string("no min_count fits; use stricter thresholds")));
  }
  return rules;
}

absl::Status MineRulesTo(const BasketView& baskets, const RuleQuery& query, RuleSink sink) {
  if (absl::Status s = Validate(baskets, query); !s.ok()) return s;
  return RuleSearch(baskets, query, MinCount(query)).Run(sink);
}

absl::StatusOr<RuleSet> MineTopRules(const BasketView& baskets, const RuleQuery& query, size_t k,
                                     RankingMeasure measure) {
  if (absl::Status s = Validate(baskets, query); !s.ok()) return s;
  RuleSet rules;
  rules.basket_count = query.basket_count;
  if (k == 0) return rules;
  BestRules best(k);
  absl::Status status;
  if (CanPrune(query, measure)) {
    const ItemsetSearchOptions itemsets = {
        .baskets = baskets, .threads = query.threads, .limits = query.limits};
    status = OfferTopRules({.itemsets = itemsets,
                            .min_count = MinCount(query),
                            .max_items = query.max_items.value_or(query.thresholds.max_items),
                            .thresholds = query.thresholds,
                            .basket_count = query.basket_count,
                            .measure = measure.value},
                           best);
  } else {
    status = RuleSearch(baskets, query, MinCount(query)).Run([&](const FoundRule& rule) {
      best.Offer(rule, measure.value(rule.counts));
      return true;
    });
  }
  if (!status.ok()) return status;
  for (const BestRules::Rule& rule : best.TakeBest()) {
    Add({rule.antecedents, rule.consequents, rule.counts}, rules);
  }
  return rules;
}

std::optional<double> MinFittingSupport(const BasketView& baskets, const RuleQuery& query) {
  if (!Validate(baskets, query).ok() || query.basket_count == 0) return std::nullopt;
  const std::optional<int64_t> fits = MinFittingCountOfRules(baskets, query, MinCount(query));
  if (!fits) return std::nullopt;
  return static_cast<double>(*fits) / static_cast<double>(query.basket_count);
}

}  // namespace clustr::mining
