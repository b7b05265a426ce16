#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_STATE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_STATE_H_

#include <cstdint>

#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/base/search_query.h"
#include "services/bundles/mining/layout/frequent_pairs.h"
#include "services/bundles/mining/search/reporter.h"

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

  SearchState(const SearchQuery& query, SearchControl& control, ItemsetStream& stream,
              size_t item_count)
      : query(query), reporter(stream, control, item_count), control_(control) {}

  const SearchQuery& query;
  Arena arena;
  Reporter<Isa> reporter;

  // What an itemset must reach to be wanted. May rise from one set to the next.
  int64_t min_count() { return reporter.stream().min_count(); }

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

  // True if the search is for closed or maximal sets, and has to look at items left behind.
  bool looks_behind() const { return query.target != Target::kAll; }

  // Takes `set` and `item`, which `count` baskets hold, which has `extensions` beside the perfect
  // ones that the reporter holds from `before` on. If the answer is kDescend, `joined` is the set
  // to go on with, in the arena. If the search looks behind, no item left behind is in all baskets
  // of the set; `covered` says that one is in enough of them, and may be false for a set that has
  // extensions.
  Step Enter(Set set, Item item, int64_t count, uint32_t before, uint32_t extensions, bool covered,
             Set* joined) {
    if (count < min_count()) return Step::kSkip;
    if (!looks_behind()) {
      const auto reachable =
          static_cast<int64_t>(set.size) + 1 + reporter.perfect_size + extensions;
      if (reachable < reporter.stream().min_size()) return Step::kSkip;
      if (!reporter.Report(set, item, count)) return Step::kStop;
      if (extensions == 0 || set.size + 1 >= query.max_size) return Step::kSkip;
      *joined = reporter.Join(arena, set, item, count);
      return Step::kDescend;
    }
    // Perfect extensions belong to the set: without them it is not closed.
    Item* const added = reporter.perfect() + before;
    const uint32_t perfect = reporter.perfect_size - before;
    added[perfect] = item;
    *joined = reporter.JoinAll(arena, set, added, perfect + 1, count);
    reporter.perfect_size = before;
    if (joined->size > query.max_size) return Step::kSkip;
    const bool wanted = query.target == Target::kClosed || (extensions == 0 && !covered);
    if (wanted && !Put(*joined, count)) return Step::kStop;
    return extensions == 0 ? Step::kSkip : Step::kDescend;
  }

  // Moves those that all `own` baskets of a code hold to the reporter; `items` by code.
  template <class Count>
  void TakePerfect(const Item* items, Count own, Frequent<Count>* frequent) {
    uint32_t kept = 0;
    for (uint32_t f = 0; f < frequent->size; ++f) {
      if (frequent->counts[f] == own) {
        reporter.perfect()[reporter.perfect_size++] = items[frequent->codes[f]];
        continue;
      }
      frequent->codes[kept] = frequent->codes[f];
      frequent->counts[kept++] = frequent->counts[f];
    }
    frequent->size = kept;
  }

  // Reports `set` with each of `frequent` from number `first` on. False ends the search.
  template <class Count>
  bool ReportEach(Set set, const Item* items, const Frequent<Count>& frequent, uint32_t first) {
    for (uint32_t f = first; f < frequent.size; ++f) {
      if (!reporter.Report(set, items[frequent.codes[f]], frequent.counts[f])) return false;
    }
    return true;
  }

  // Reports a closed or maximal set. False ends the search.
  bool Put(Set set, int64_t count) {
    return reporter.stream().Put({set.items, static_cast<size_t>(set.size)}, count);
  }

 private:
  static constexpr int kChecked = 4096;

  SearchControl& control_;
  size_t memory_bytes_ = 0;
  int until_check_ = kChecked;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_STATE_H_
