#include "services/bundles/mining/rules/top_rules.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "services/bundles/mining/layout/tid_lists.h"
#include "services/bundles/mining/rules/top_splitter.h"

namespace clustr::mining {
namespace {

// Splits the itemsets whose count is from `min_count` to `end_count` - 1 as they come.
class TopRuleStream : public ItemsetStream {
 public:
  TopRuleStream(const TopRuleOptions& options, int64_t min_count, int64_t end_count,
                SearchControl& control, SideCounts& sides, SideLimits& limits, BestRules& best)
      : ItemsetStream(min_count, 2, options.max_items),
        one_consequent_(options.thresholds.max_consequents == 1),
        end_count_(end_count),
        control_(control),
        sides_(sides),
        limits_(limits),
        best_(best),
        splitter_(options.thresholds, options.basket_count, control, limits, sides, best) {
    PassUselessCounts();
  }

  // True if no remaining set can make one of the best rules.
  bool done() const { return min_count() >= end_count_; }

 protected:
  bool Take(absl::Span<const Item> items, int64_t count, int64_t subset_count) override {
    // Of two sides, the one without the subset's additional item is part of the subset.
    if (!limits_.MayHaveSide(count, subset_count) || count >= end_count_) return true;
    const SideLimits::Limits limits = limits_.For(count);
    if (subset_count > limits.max_a && subset_count > limits.max_b) return true;
    if (one_consequent_ && Rarest(items) > limits.max_b) return true;
    const uint64_t version = best_.version();
    const size_t bitmap_bytes = sides_.bitmap_bytes();
    splitter_.Split(items, count);
    if (best_.version() != version) PassUselessCounts();
    return control_.AddMemory(static_cast<int64_t>(sides_.bitmap_bytes() - bitmap_bytes)) &&
           !done();
  }

 private:
  // Takes a limited number of steps at a time, because weights make counts large.
  void PassUselessCounts() {
    int64_t useful = min_count();
    const int64_t end = useful + std::min(end_count_ - useful, int64_t{1} << 16);
    while (useful < end && !limits_.MayTake(useful, useful, useful, {})) ++useful;
    RaiseMinCount(useful);
  }

  int64_t Rarest(absl::Span<const Item> items) const {
    int64_t rarest = INT64_MAX;
    for (const Item item : items) rarest = std::min(rarest, sides_.item_count(item));
    return rarest;
  }

  const bool one_consequent_;
  const int64_t end_count_;
  SearchControl& control_;
  SideCounts& sides_;
  SideLimits& limits_;
  BestRules& best_;
  TopSplitter splitter_;
};

// The highest value of the measure for rules with this count_ab: that with all three counts equal.
double Reach(const TopRuleOptions& options, int64_t count) {
  return options.measure({count, count, count, options.basket_count});
}

// True if rules of few baskets can reach the same value as rules of many. The rarest items are then
// likely to make the best rules.
bool RarestFirst(const TopRuleOptions& options) {
  const int64_t few = options.min_count;
  return 2 * few <= options.basket_count && Reach(options, few) >= Reach(options, 2 * few);
}

// If every count_ab reaches the same value whatever the count of one side, many rules reach it, and
// ties go to the higher counts. A search for those alone costs little and often finds enough.
// Returns the min_count of that search, for items in up to `max_item_count` baskets, or
// options.min_count if there is none.
int64_t HighCount(const TopRuleOptions& options, int64_t max_item_count) {
  const int64_t few = options.min_count;
  const double reach = Reach(options, few);
  const bool for_any_side = 2 * few <= max_item_count && reach == Reach(options, 2 * few) &&
                            (reach == options.measure({few, 2 * few, few, options.basket_count}) ||
                             (options.thresholds.max_consequents != 1 &&
                              reach == options.measure({2 * few, few, few, options.basket_count})));
  if (!for_any_side) return few;
  const double middle = std::sqrt(static_cast<double>(few) * static_cast<double>(max_item_count));
  return std::min(8 * few, static_cast<int64_t>(middle));
}

// Claims the codes from `begin` up to `end` whose items are still wanted.
class PieceClaims final : public Claims {
 public:
  PieceClaims(uint32_t begin, uint32_t end, const std::vector<int64_t>& counts,
              const ItemsetStream& stream)
      : begin_(begin), end_(end), counts_(counts), stream_(stream) {}
  bool ClaimCode(uint32_t code) override {
    return code >= begin_ && code < end_ && counts_[code] >= stream_.min_count();
  }

 private:
  const uint32_t begin_;
  const uint32_t end_;
  const std::vector<int64_t>& counts_;
  const ItemsetStream& stream_;
};

constexpr uint32_t kPieces = 32;  // Codes are searched in this many pieces.

}  // namespace

absl::Status OfferTopRules(const TopRuleOptions& options, BestRules& best) {
  const BasketView& baskets = options.itemsets.baskets;
  SearchControl control(options.itemsets.limits);
  const TidLists tid_lists = MakeTidLists(baskets, CountFrequentItems(baskets, options.min_count));
  if (!control.AddMemory(tid_lists.memory_bytes()) || !control.CheckTime()) return control.status();
  if (tid_lists.frequent.items.empty()) return absl::OkStatus();
  const RootProjection root = MakeRootProjection(baskets, tid_lists.frequent, std::nullopt,
                                                 /*min_size=*/2, /*threads=*/1);
  if (!control.AddMemory(root.memory_bytes)) return control.status();
  const int64_t allowed = std::max<int64_t>(0, options.itemsets.limits.max_memory_bytes / 4);
  SideCounts sides(baskets, tid_lists,
                   std::min(options.max_bitmap_bytes, static_cast<size_t>(allowed)));
  SideLimits limits(options.thresholds, options.basket_count, options.measure, best);

  const auto codes = static_cast<uint32_t>(tid_lists.frequent.items.size());
  const uint32_t pieces = RarestFirst(options) ? std::min(codes, kPieces) : 1;
  const auto offer = [&](int64_t min_count, int64_t end_count) {
    TopRuleStream stream(options, min_count, end_count, control, sides, limits, best);
    // From the last codes, the rarest items, to the first.
    for (uint32_t piece = pieces; piece-- > 0 && !control.stopped() && !stream.done();) {
      const auto begin = static_cast<uint32_t>(uint64_t{codes} * piece / pieces);
      const auto end = static_cast<uint32_t>(uint64_t{codes} * (piece + 1) / pieces);
      const SearchQuery query = {stream.min_count(), options.max_items, Target::kAll};
      PieceClaims claims(begin, end, tid_lists.frequent.counts, stream);
      Search(options.itemsets.instructions, {root, query, control}, claims, stream);
      control.SetProgress(1 - static_cast<double>(begin) / codes);
    }
  };
  int64_t end_count = tid_lists.frequent.counts[0] + 1;
  if (const int64_t high = HighCount(options, tid_lists.frequent.counts[0]);
      high > options.min_count) {
    offer(high, end_count);
    end_count = high;
  }
  offer(options.min_count, end_count);
  return control.status();
}

}  // namespace clustr::mining
