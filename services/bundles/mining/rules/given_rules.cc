#include "services/bundles/mining/rules/given_rules.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <vector>

#include "services/bundles/mining/base/itemset.h"
#include "services/bundles/mining/layout/projected_baskets.h"
#include "services/bundles/mining/rules/itemset_counts.h"
#include "services/bundles/mining/rules/set_counts.h"

namespace clustr::mining {
namespace {

// One side of the rules: its given items, and a set of further items.
class Side {
 public:
  // `sets` are the sets of further items, with their counts in `all`, the projection on all given
  // items.
  Side(const GivenRuleOptions& options, absl::Span<const Item> given, const ItemsetList& sets,
       const ProjectedBaskets& all, absl::Span<const Item> all_given, SearchControl& control)
      : given_(given) {
    if (given.size() == all_given.size()) {
      given_count_ = all.count;
      counts_ = sets.counts;
    } else if (given.empty()) {
      counts_ = CountSets(options.baskets, sets, control);
    } else {
      const ProjectedBaskets projected = ProjectBaskets(options.baskets, given, all_given);
      given_count_ = projected.count;
      counts_ = CountSets(projected.view(), sets, control);
    }
  }

  // Enables counts by key.
  void Index(const ItemsetList& sets) { by_key_.emplace(sets, counts_); }

  absl::Span<const Item> given() const { return given_; }
  int64_t given_count() const { return given_count_; }
  int64_t count(size_t set) const { return counts_[set]; }
  uint64_t key(Item item) const { return by_key_->key(item); }
  int64_t CountOfKey(uint64_t key) const { return by_key_->Count(key); }

 private:
  const absl::Span<const Item> given_;
  int64_t given_count_ = 0;
  std::vector<int64_t> counts_;  // Indexed by number of the set.
  std::optional<ItemsetCounts> by_key_;
};

// Splits sets of further items in all allowed ways.
class GivenSplitter {
 public:
  GivenSplitter(const GivenRuleOptions& options, const Side& antecedent_side,
                const Side& consequent_side, size_t max_further_consequents, RuleSink sink)
      : options_(options),
        antecedent_side_(antecedent_side),
        consequent_side_(consequent_side),
        max_further_consequents_(max_further_consequents),
        sink_(sink) {}

  // Splits `set`, a set of further items. `count` is the count of the set with all given items,
  // `count_a` that of the set with the given antecedents. Returns false if the sink returned false.
  bool Split(absl::Span<const Item> set, int64_t count, int64_t count_a) {
    set_ = set;
    count_ = count;
    count_a_ = count_a;
    uint64_t key = 0;
    if (max_further_consequents_ > 0) {
      for (const Item item : set) key += antecedent_side_.key(item);
    }
    return Grow(0, key, 0);
  }

 private:
  // Offers the rule whose further consequents are those at `consequent_places_`, and all rules with
  // more of them, from place `first` on. The keys are those of the further items of each side.
  bool Grow(size_t first, uint64_t antecedent_key, uint64_t consequent_key) {
    const bool antecedent_is_given = consequent_places_.size() == set_.size();
    if (antecedent_is_given && antecedent_side_.given().empty()) return true;
    RuleCounts counts = {.count_ab = count_, .basket_count = options_.basket_count};
    counts.count_a = consequent_places_.empty() ? count_a_
                     : antecedent_is_given      ? antecedent_side_.given_count()
                                                : antecedent_side_.CountOfKey(antecedent_key);
    // More consequents lower it further.
    if (Confidence(counts) < options_.thresholds.min_confidence) return true;
    if (!consequent_places_.empty() || !consequent_side_.given().empty()) {
      counts.count_b = consequent_places_.empty() ? consequent_side_.given_count()
                                                  : consequent_side_.CountOfKey(consequent_key);
      if (MeetsThresholds(counts, options_.thresholds) && !Offer(counts)) return false;
    }
    if (consequent_places_.size() == max_further_consequents_) return true;
    for (size_t place = first; place < set_.size(); ++place) {
      const Item item = set_[place];
      consequent_places_.push_back(place);
      const bool go_on = Grow(place + 1, antecedent_key - antecedent_side_.key(item),
                              consequent_key + consequent_side_.key(item));
      consequent_places_.pop_back();
      if (!go_on) return false;
    }
    return true;
  }

  bool Offer(const RuleCounts& counts) {
    antecedents_.assign(antecedent_side_.given().begin(), antecedent_side_.given().end());
    consequents_.assign(consequent_side_.given().begin(), consequent_side_.given().end());
    size_t next = 0;
    for (size_t place = 0; place < set_.size(); ++place) {
      const bool is_consequent =
          next < consequent_places_.size() && consequent_places_[next] == place;
      (is_consequent ? consequents_ : antecedents_).push_back(set_[place]);
      next += is_consequent ? 1 : 0;
    }
    const auto merge = [](std::vector<Item>& items, const Side& side) {
      std::inplace_merge(items.begin(), items.begin() + static_cast<ptrdiff_t>(side.given().size()),
                         items.end());
    };
    if (!antecedent_side_.given().empty()) merge(antecedents_, antecedent_side_);
    if (!consequent_side_.given().empty()) merge(consequents_, consequent_side_);
    return sink_({antecedents_, consequents_, counts});
  }

  const GivenRuleOptions& options_;
  const Side& antecedent_side_;
  const Side& consequent_side_;
  const size_t max_further_consequents_;  // Limit for the further items of a consequent.
  const RuleSink sink_;
  absl::Span<const Item> set_;
  int64_t count_ = 0;
  int64_t count_a_ = 0;
  std::vector<size_t> consequent_places_;  // Places of the further consequents in the set.
  std::vector<Item> antecedents_;
  std::vector<Item> consequents_;
};

// The sets with at most `max_size` items.
ItemsetList UpTo(const ItemsetList& sets, size_t max_size) {
  ItemsetList small;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].size() <= max_size) small.Add(sets[i], sets.counts[i]);
  }
  return small;
}

}  // namespace

absl::Status MineGivenRules(const GivenRuleOptions& options, RuleSink sink) {
  const std::vector<Item> given = Union(options.antecedents, options.consequents);
  const auto asked = static_cast<size_t>(options.thresholds.max_consequents);
  if (asked > 0 && options.consequents.size() > asked) return absl::OkStatus();
  const size_t max_further_consequents = asked == 0 ? SIZE_MAX : asked - options.consequents.size();

  const ProjectedBaskets all = ProjectBaskets(options.baskets, given, given);
  if (all.count < options.itemsets.min_count) return absl::OkStatus();
  ItemsetList sets;
  ItemsetQuery further_query = options.itemsets;
  further_query.max_size -= static_cast<int>(given.size());
  if (further_query.max_size > 0) {
    absl::Status status =
        MineItemsets(all.view(), further_query,
                     [&](absl::Span<const Item> set, int64_t count) { sets.Add(set, count); });
    if (!status.ok()) return status;
  }
  SearchControl control(further_query.limits);
  Side antecedent_side(options, options.antecedents, sets, all, given, control);
  const ItemsetList consequent_sets = UpTo(sets, max_further_consequents);
  Side consequent_side(options, options.consequents, consequent_sets, all, given, control);
  if (control.stopped()) return control.status();
  if (max_further_consequents > 0) {
    antecedent_side.Index(sets);
    consequent_side.Index(consequent_sets);
  }

  GivenSplitter splitter(options, antecedent_side, consequent_side, max_further_consequents, sink);
  // The set without further items comes first, because no other has a higher count.
  if (!splitter.Split({}, all.count, antecedent_side.given_count())) return absl::OkStatus();
  std::vector<size_t> order(sets.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (options.by_count) {
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return sets.counts[a] > sets.counts[b]; });
  }
  for (const size_t i : order) {
    if (!splitter.Split(sets[i], sets.counts[i], antecedent_side.count(i))) break;
  }
  return absl::OkStatus();
}

}  // namespace clustr::mining
