#include "tools/clustr_mine/mine.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "services/bundles/mining/itemsets.h"
#include "services/bundles/mining/measures/support.h"
#include "services/bundles/mining/rules.h"

namespace clustr::mine {
namespace {

using mining::Item;

// The item with this name or number in the file; unset if no basket contains it.
std::optional<Item> FindItem(const Transactions& transactions, const std::string& text) {
  const std::vector<std::string>& labels = transactions.labels;
  const auto label = std::find(labels.begin(), labels.end(), text);
  if (label != labels.end()) return static_cast<Item>(label - labels.begin());
  const std::vector<uint32_t>& names = transactions.names;
  uint32_t number = 0;
  if (transactions.has_texts || !absl::SimpleAtoi(text, &number)) return std::nullopt;
  const auto name = std::lower_bound(names.begin(), names.end(), number);
  if (name == names.end() || *name != number) return std::nullopt;
  return static_cast<Item>(name - names.begin());
}

// Appends the items with these names or numbers. False if no basket contains one of them.
bool FindItems(const Transactions& transactions, const std::vector<std::string>& texts,
               std::vector<Item>* items) {
  for (const std::string& text : texts) {
    const std::optional<Item> item = FindItem(transactions, text);
    if (!item.has_value()) return false;
    items->push_back(*item);
  }
  return true;
}

int64_t NonEmpty(const Transactions& transactions) {
  const mining::BasketView baskets = transactions.view();
  int64_t count = 0;
  for (size_t i = 0; i < baskets.size(); ++i) count += baskets[i].empty() ? 0 : 1;
  return count;
}

mining::MiningLimits LimitsOf(const Options& options, const LineWriter& writer) {
  mining::MiningLimits limits = {.max_memory_bytes = options.max_memory_bytes,
                                 .cancelled = &writer.failed()};
  if (options.max_seconds > 0) {
    limits.deadline = std::chrono::steady_clock::now() +
                      absl::ToChronoNanoseconds(absl::Seconds(options.max_seconds));
  }
  return limits;
}

absl::StatusOr<int64_t> MineItemsets(const Transactions& transactions, const Options& options,
                                     int64_t min_count, LineWriter& writer) {
  mining::ItemsetQuery query = {.min_count = min_count,
                                .min_size = options.min_size,
                                .max_size = options.max_size,
                                .max_itemsets = options.limit,
                                .target = options.target,
                                .threads = options.threads,
                                .limits = LimitsOf(options, writer)};
  if (!FindItems(transactions, options.items, &query.required)) return 0;
  int64_t found = 0;
  if (options.top) {
    const absl::StatusOr<mining::ItemsetList> best =
        mining::MineTopItemsets(transactions.view(), query, static_cast<size_t>(*options.top));
    if (!best.ok()) return best.status();
    for (size_t i = 0; i < best->size(); ++i) writer.Write((*best)[i], best->counts[i]);
    return static_cast<int64_t>(best->size());
  }
  absl::Status status = mining::MineItemsets(transactions.view(), query,
                                             [&](absl::Span<const Item> items, int64_t count) {
                                               ++found;
                                               writer.Write(items, count);
                                             });
  if (!status.ok()) return status;
  return found;
}

absl::StatusOr<int64_t> MineRules(const Transactions& transactions, const Options& options,
                                  int64_t min_count, LineWriter& writer) {
  mining::RuleQuery query = {.thresholds = {.min_support = 0,
                                            .min_confidence = options.min_confidence,
                                            .min_lift = options.min_lift,
                                            .min_count = min_count,
                                            .max_consequents = options.max_consequents},
                             .basket_count = NonEmpty(transactions),
                             .max_itemsets = INT64_MAX,
                             .only_improving = options.only_improving,
                             .max_items = std::min(options.max_size, 255),
                             .threads = options.threads,
                             .limits = LimitsOf(options, writer)};
  if (!FindItems(transactions, options.antecedents, &query.antecedents) ||
      !FindItems(transactions, options.consequents, &query.consequents)) {
    return 0;
  }
  if (options.top) {
    const absl::StatusOr<mining::RuleSet> best =
        mining::MineTopRules(transactions.view(), query, static_cast<size_t>(*options.top),
                             {.value = options.measure, .falls_with_sides = true});
    if (!best.ok()) return best.status();
    for (size_t i = 0; i < best->size(); ++i) {
      writer.Write({best->antecedents(i), best->consequents(i), best->counts(i)});
    }
    return static_cast<int64_t>(best->size());
  }
  int64_t found = 0;
  absl::Status status =
      mining::MineRulesTo(transactions.view(), query, [&](const mining::FoundRule& rule) {
        const size_t size = rule.antecedents.size() + rule.consequents.size();
        if (size < static_cast<size_t>(options.min_size)) return true;
        if (++found <= options.limit) writer.Write(rule);
        return found <= options.limit;
      });
  if (!status.ok()) return status;
  if (found > options.limit) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more rules were found than --limit=", options.limit,
                     "; use stricter thresholds, or raise --limit"));
  }
  return found;
}

}  // namespace

absl::StatusOr<int64_t> Mine(const Transactions& transactions, const Options& options,
                             LineWriter& writer) {
  // The number of baskets matters only for a share.
  const int64_t baskets = options.min_support > 0 ? NonEmpty(transactions) : 1;
  const int64_t min_count = mining::MinCount(options.min_support, baskets, options.min_count);
  return options.rules ? MineRules(transactions, options, min_count, writer)
                       : MineItemsets(transactions, options, min_count, writer);
}

}  // namespace clustr::mine
