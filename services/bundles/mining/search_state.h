#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_STATE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_STATE_H_

#include <cstdint>
#include <vector>

#include "services/bundles/mining/arena.h"
#include "services/bundles/mining/closure.h"
#include "services/bundles/mining/reporter.h"
#include "services/bundles/mining/search_control.h"
#include "services/bundles/mining/search_query.h"

namespace clustr::mining {

// What to do with a set that the search has come to.
enum class Step {
  kStop,     // The search has ended.
  kSkip,     // Nothing of the answer is below the set.
  kDescend,  // Go on with its extensions.
};

// What all depths of a search share. Not thread-safe.
template <class Isa>
class SearchState {
 public:
  using Set = typename Reporter<Isa>::Set;

  SearchState(const BasketView& baskets, const SearchQuery& query, SearchControl& control,
              ItemsetStream& stream, size_t item_count)
      : query(query),
        reporter(stream, control, item_count),
        control_(control),
        closure_(baskets, query.min_count) {}

  const SearchQuery& query;
  Arena arena;
  Reporter<Isa> reporter;

  // What an itemset must reach to be wanted. May rise from one set to the next.
  int64_t least_count() { return reporter.stream().least_count(); }

  // To be asked before every set. False if the search has to end.
  bool Proceed() {
    if (arena.memory_bytes() != memory_bytes_) {
      const size_t before = memory_bytes_;
      memory_bytes_ = arena.memory_bytes();
      if (!control_.AddMemory(static_cast<int64_t>(memory_bytes_ - before))) return false;
    }
    if (--until_check_ > 0) return true;
    until_check_ = kChecked;
    return control_.CheckTime();
  }

  // True if sets of more than `size` items are of no use.
  bool ends_at(int size) const { return query.target == Target::kAll && size >= query.max_size; }

  // Takes `set` and `item`, of which the reporter holds the perfect extensions from `before` on
  // and which has `extensions` others; `holders()` fills and returns the list of all its baskets.
  // If the answer is kDescend, `joined` is the set to go on with, in the arena.
  template <class Holders>
  Step Enter(Set set, Item item, int64_t count, uint32_t before, uint32_t extensions,
             Holders holders, Set* joined) {
    if (count < least_count()) return Step::kSkip;
    if (query.target == Target::kAll) {
      const auto reachable =
          static_cast<int64_t>(set.size) + 1 + reporter.perfect_size + extensions;
      if (reachable < reporter.stream().min_size()) return Step::kSkip;
      if (!reporter.Report(set, item, count)) return Step::kStop;
      if (extensions == 0 || set.size + 1 >= query.max_size) return Step::kSkip;
      *joined = reporter.Join(arena, set, item, count);
      return Step::kDescend;
    }
    // Perfect extensions belong to the set: without them it is not closed.
    *joined = reporter.Join(arena, set, item, count);
    for (uint32_t i = before; i < reporter.perfect_size; ++i) {
      *joined = reporter.Join(arena, *joined, reporter.perfect()[i], count);
    }
    reporter.perfect_size = before;
    if (joined->size > query.max_size) return Step::kSkip;
    const absl::Span<const Item> items(joined->items, static_cast<size_t>(joined->size));
    const absl::Span<const uint32_t> baskets = holders();
    // An item of them all that was left behind is in every set below, too.
    if (closure_.HasMoreInCommon(items, baskets)) return Step::kSkip;
    if (query.target == Target::kClosed ||
        (extensions == 0 && !closure_.HasFrequentSuperset(items, baskets))) {
      if (!reporter.stream().Put(items, count)) return Step::kStop;
    }
    return extensions == 0 ? Step::kSkip : Step::kDescend;
  }

  // A list to collect baskets in.
  std::vector<uint32_t>& scratch_holders() {
    scratch_.clear();
    return scratch_;
  }

 private:
  static constexpr int kChecked = 4096;

  SearchControl& control_;
  size_t memory_bytes_ = 0;
  int until_check_ = kChecked;
  Closure closure_;
  std::vector<uint32_t> scratch_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_STATE_H_
