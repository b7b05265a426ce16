#include "services/bundles/mining/top_rules.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "services/bundles/mining/itemset_counts.h"
#include "services/bundles/mining/side_counts.h"
#include "services/bundles/mining/vertical.h"

namespace clustr::mining {
namespace {

// Splits the itemsets of a search as they come.
class TopRuleStream : public ItemsetStream {
 public:
  TopRuleStream(const TopRuleSearch& search, SideCounts& sides, BestRules& best)
      : ItemsetStream(search.least_count, 2, search.max_items),
        one_consequent_(search.thresholds.max_consequents == 1),
        sides_(sides),
        best_(best),
        splitter_(search.thresholds, search.basket_count, search.measure, count_side_, best),
        subset_limits_(kMostLimits, INT64_MAX),
        rarest_limits_(kMostLimits, INT64_MAX) {}

 protected:
  bool Take(absl::Span<const Item> items, int64_t count, int64_t subset_count) override {
    if (!MayTake(items, count, std::max(count, subset_count))) return true;
    const uint64_t version = best_.version();
    splitter_.Split(items, count);
    if (best_.version() != version) {
      while (!splitter_.MayTake(least_count(), least_count(), least_count(), 0)) {
        RaiseLeastCount(least_count() + 1);
      }
    }
    return true;
  }

 private:
  // Counts below this remember what they were refused for.
  static constexpr size_t kMostLimits = size_t{1} << 14;

  bool MayTake(absl::Span<const Item> items, int64_t count, int64_t subset_count) {
    if (one_consequent_) {
      int64_t rarest = INT64_MAX;
      for (const Item item : items) rarest = std::min(rarest, sides_.item_count(item));
      const auto may_take = [&](Item first) {
        return splitter_.MayTake(count, rarest, count, first);
      };
      if (!IsWithin(rarest_limits_, count, rarest, items[0], may_take)) return false;
    }
    // The side that the subset's further item is not on is part of the subset.
    const auto may_take = [&](Item first) {
      return splitter_.MayTake(subset_count, count, count, first) ||
             splitter_.MayTake(count, subset_count, count, first);
    };
    return IsWithin(subset_limits_, count, subset_count, items[0], may_take);
  }

  // Asks `may_take`, unless a set of this count was refused for the same or a lower `value`.
  template <class Predicate>
  static bool IsWithin(std::vector<int64_t>& limits, int64_t count, int64_t value, Item first,
                       Predicate may_take) {
    const auto at = static_cast<size_t>(count);
    if (at >= limits.size()) return may_take(first);
    if (value >= limits[at]) return false;
    if (may_take(first)) return true;
    if (!may_take(0)) limits[at] = value;
    return false;
  }

  const bool one_consequent_;
  SideCounts& sides_;
  BestRules& best_;
  const std::function<int64_t(absl::Span<const Item>)> count_side_ =
      [this](absl::Span<const Item> side) { return sides_.Count(side); };
  TopSplitter splitter_;
  // By count: the least count of a subset, and of the rarest item, that no rule may have.
  std::vector<int64_t> subset_limits_;
  std::vector<int64_t> rarest_limits_;
};

// True if a lower count of all three lets a measure reach more, so that the rarest items are likely
// to give the best rules, and false if only more baskets do, or count_b is of no influence.
bool RarestFirst(const TopRuleSearch& search) {
  const int64_t few = search.least_count;
  const auto measure = [&](int64_t a, int64_t b, int64_t ab) {
    return search.measure({a, b, ab, search.basket_count});
  };
  return 2 * few <= search.basket_count &&
         measure(few, few, few) >= measure(2 * few, 2 * few, 2 * few) &&
         measure(few, 2 * few, few) < measure(few, few, few);
}

void SplitKept(const TopRuleSearch& search, const ItemsetList& sets, BestRules& best) {
  const ItemsetCounts counts(sets);
  const auto count_side = [&](absl::Span<const Item> side) {
    return counts.Count(counts.key(side));
  };
  TopSplitter splitter(search.thresholds, search.basket_count, search.measure, count_side, best);
  const bool from_back = RarestFirst(search);
  for (size_t i = 0; i < sets.size(); ++i) {
    const size_t at = from_back ? sets.size() - 1 - i : i;
    if (splitter.MayTake(sets.counts[at], sets.counts[at], sets.counts[at], sets[at][0])) {
      splitter.Split(sets[at], sets.counts[at]);
    }
  }
}

absl::Status SplitInSearch(const TopRuleSearch& search, BestRules& best) {
  const BasketView& baskets = search.itemsets.baskets;
  SearchControl control(search.itemsets.limits);
  Vertical vertical = CountFrequent(baskets, search.least_count);
  AddHolders(baskets, vertical);
  if (!control.AddMemory(vertical.memory_bytes()) || !control.CheckTime()) return control.status();
  SideCounts sides(baskets, vertical);
  const SearchRoot root = MakeSearchRoot(baskets, {vertical.items, vertical.counts}, std::nullopt,
                                         /*least_size=*/2, /*threads=*/1);
  if (!control.AddMemory(root.memory_bytes)) return control.status();
  TopRuleStream stream(search, sides, best);
  // In pieces from the last code to the first, if the rarest items come first.
  const auto codes = static_cast<uint32_t>(vertical.items.size());
  const uint32_t pieces = RarestFirst(search) ? std::min(codes, uint32_t{8}) : 1;
  for (uint32_t piece = pieces; piece-- > 0 && !control.stopped();) {
    const auto begin = static_cast<uint32_t>(uint64_t{codes} * piece / pieces);
    const auto end = static_cast<uint32_t>(uint64_t{codes} * (piece + 1) / pieces);
    const SearchQuery query = {stream.least_count(), search.max_items, Target::kAll};
    Search(
        search.itemsets.instructions, {root, query, control},
        [&](uint32_t code) { return code >= begin && code < end; }, stream);
    control.SetProgress(1 - static_cast<double>(begin) / codes);
  }
  return control.status();
}

}  // namespace

absl::Status OfferTopRules(const TopRuleSearch& search, BestRules& best) {
  ItemsetList sets;
  const auto keep = [&](absl::Span<const Item> items, int64_t count) { sets.Add(items, count); };
  SinkStream stream(keep, search.least_count, 1, search.max_items, search.max_kept);
  if (absl::Status s = RunItemsetSearch(search.itemsets, stream); !s.ok()) return s;
  if (stream.exhausted()) {
    sets = {};
    return SplitInSearch(search, best);
  }
  SplitKept(search, sets, best);
  return absl::OkStatus();
}

}  // namespace clustr::mining
