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

// One side of the rules: given items, and a set of further ones.
class Side {
 public:
  // `sets` are those of further items, with the counts that they have beside all given items, which
  // `all` holds.
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

  // For counts by key.
  void Index(const ItemsetList& sets) { by_key_.emplace(sets, counts_); }

  absl::Span<const Item> given() const { return given_; }
  int64_t given_count() const { return given_count_; }
  int64_t count(size_t set) const { return counts_[set]; }
  uint64_t key(Item item) const { return by_key_->key(item); }
  int64_t CountOfKey(uint64_t key) const { return by_key_->Count(key); }

 private:
  const absl::Span<const Item> given_;
  int64_t given_count_ = 0;
  std::vector<int64_t> counts_;  // By set.
  std::optional<ItemsetCounts> by_key_;
};

// Splits the itemsets beside the given items in all allowed ways.
class GivenSplitter {
 public:
  GivenSplitter(const GivenRuleOptions& options, const Side& left, const Side& right,
                size_t max_right, RuleSink sink)
      : options_(options), left_(left), right_(right), max_right_(max_right), sink_(sink) {}

  // `set` beside the given items; false if the sink returned false. `count` is that of all items
  // together, `count_left` that of the given antecedents and the set.
  bool Split(absl::Span<const Item> set, int64_t count, int64_t count_left) {
    set_ = set;
    count_ = count;
    count_left_ = count_left;
    uint64_t key = 0;
    if (max_right_ > 0) {
      for (const Item item : set) key += left_.key(item);
    }
    return Grow(0, key, 0);
  }

 private:
  // The rule whose further consequents are those in `places_`, and those with more of them, from
  // place `first` on. The keys are of the further items of both sides.
  bool Grow(size_t first, uint64_t left_key, uint64_t right_key) {
    const bool none_left = places_.size() == set_.size();
    if (none_left && left_.given().empty()) return true;
    RuleCounts counts = {.count_ab = count_, .basket_count = options_.basket_count};
    counts.count_a = places_.empty() ? count_left_
                     : none_left     ? left_.given_count()
                                     : left_.CountOfKey(left_key);
    // With more consequents it falls further.
    if (Confidence(counts) < options_.thresholds.min_confidence) return true;
    if (!places_.empty() || !right_.given().empty()) {
      counts.count_b = places_.empty() ? right_.given_count() : right_.CountOfKey(right_key);
      if (MeetsThresholds(counts, options_.thresholds) && !Offer(counts)) return false;
    }
    if (places_.size() == max_right_) return true;
    for (size_t place = first; place < set_.size(); ++place) {
      const Item item = set_[place];
      places_.push_back(place);
      const bool go_on = Grow(place + 1, left_key - left_.key(item), right_key + right_.key(item));
      places_.pop_back();
      if (!go_on) return false;
    }
    return true;
  }

  bool Offer(const RuleCounts& counts) {
    antecedents_.assign(left_.given().begin(), left_.given().end());
    consequents_.assign(right_.given().begin(), right_.given().end());
    size_t next = 0;
    for (size_t place = 0; place < set_.size(); ++place) {
      const bool right = next < places_.size() && places_[next] == place;
      (right ? consequents_ : antecedents_).push_back(set_[place]);
      next += right ? 1 : 0;
    }
    const auto merge = [](std::vector<Item>& side, const Side& given) {
      std::inplace_merge(side.begin(), side.begin() + static_cast<ptrdiff_t>(given.given().size()),
                         side.end());
    };
    if (!left_.given().empty()) merge(antecedents_, left_);
    if (!right_.given().empty()) merge(consequents_, right_);
    return sink_({antecedents_, consequents_, counts});
  }

  const GivenRuleOptions& options_;
  const Side& left_;
  const Side& right_;
  const size_t max_right_;  // Further items.
  const RuleSink sink_;
  absl::Span<const Item> set_;
  int64_t count_ = 0;
  int64_t count_left_ = 0;
  std::vector<size_t> places_;  // In the set, of the consequents.
  std::vector<Item> antecedents_;
  std::vector<Item> consequents_;
};

// Of `sets` those of at most `max_size` items.
ItemsetList UpTo(const ItemsetList& sets, size_t max_size) {
  ItemsetList small;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].size() <= max_size) small.Add(sets[i], sets.counts[i]);
  }
  return small;
}

}  // namespace

absl::Status MineGivenRules(const GivenRuleOptions& options, RuleSink sink) {
  const std::vector<Item> given = Union(options.left, options.right);
  const auto asked = static_cast<size_t>(options.thresholds.max_consequents);
  if (asked > 0 && options.right.size() > asked) return absl::OkStatus();
  const size_t max_right = asked == 0 ? SIZE_MAX : asked - options.right.size();

  const ProjectedBaskets all = ProjectBaskets(options.baskets, given, given);
  if (all.count < options.itemsets.min_count) return absl::OkStatus();
  ItemsetList sets;
  ItemsetQuery beside = options.itemsets;
  beside.max_size -= static_cast<int>(given.size());
  if (beside.max_size > 0) {
    absl::Status status =
        MineItemsets(all.view(), beside,
                     [&](absl::Span<const Item> set, int64_t count) { sets.Add(set, count); });
    if (!status.ok()) return status;
  }
  SearchControl control(beside.limits);
  Side left(options, options.left, sets, all, given, control);
  const ItemsetList right_sets = UpTo(sets, max_right);
  Side right(options, options.right, right_sets, all, given, control);
  if (control.stopped()) return control.status();
  if (max_right > 0) {
    left.Index(sets);
    right.Index(right_sets);
  }

  GivenSplitter splitter(options, left, right, max_right, sink);
  // The set of no further items first: none is in more baskets.
  if (!splitter.Split({}, all.count, left.given_count())) return absl::OkStatus();
  std::vector<size_t> order(sets.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (options.by_count) {
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return sets.counts[a] > sets.counts[b]; });
  }
  for (const size_t i : order) {
    if (!splitter.Split(sets[i], sets.counts[i], left.count(i))) break;
  }
  return absl::OkStatus();
}

}  // namespace clustr::mining
