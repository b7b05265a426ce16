#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_STATE_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_STATE_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/base/search_control.h"
#include "services/bundles/mining/base/search_query.h"
#include "services/bundles/mining/layout/extensions.h"
#include "services/bundles/mining/search/reporter.h"

namespace clustr::mining {

// How to continue after visiting a set.
enum class Step {
  kStop,     // The search has ended.
  kSkip,     // No extension of the set is wanted.
  kDescend,  // Continue with its extensions.
};

// The state that all levels of a search share. Not thread-safe.
template <class Isa>
class SearchState {
 public:
  using Prefix = typename Reporter<Isa>::Prefix;

  SearchState(const SearchQuery& query, SearchControl& control, ItemsetStream& stream,
              size_t item_count)
      : query(query), reporter(stream, control, item_count), control_(control) {}

  const SearchQuery& query;
  Arena arena;
  Reporter<Isa> reporter;

  // Count that an itemset must reach to be wanted. May rise between two sets.
  int64_t min_count() { return reporter.stream().min_count(); }

  // Must be called before each set. Returns false if the search has to end.
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

  // True if sets of more than `size` items are not needed.
  bool ends_at(int size) const { return query.target == Target::kAll && size >= query.max_size; }

  // True if closed or maximal sets are wanted, so that excluded extensions have to be checked.
  bool checks_excluded() const { return query.target != Target::kAll; }

  // Reports `prefix` + `item`, whose count is `count`, and decides whether to descend below it. See
  // layout/frequent_items.h for the terms. `extensions` is the number of its candidates without its
  // perfect extensions, which are reporter.perfect()[before] and those behind it. If the result is
  // kDescend, `extended` is the prefix to continue with, in the arena. If excluded extensions are
  // checked, none of them may be perfect, and `covered` says whether one of them is frequent;
  // `covered` is ignored if there are candidates.
  Step Enter(Prefix prefix, Item item, int64_t count, uint32_t before, uint32_t extensions,
             bool covered, Prefix* extended) {
    if (count < min_count()) return Step::kSkip;
    if (!checks_excluded()) {
      const auto reachable =
          static_cast<int64_t>(prefix.size) + 1 + reporter.perfect_size + extensions;
      if (reachable < reporter.stream().min_size()) return Step::kSkip;
      if (!reporter.Report(prefix, item, count)) return Step::kStop;
      if (extensions == 0 || prefix.size + 1 >= query.max_size) return Step::kSkip;
      *extended = reporter.Extend(arena, prefix, item, count);
      return Step::kDescend;
    }
    // A set without its perfect extensions is not closed, so they become part of it.
    Item* const added = reporter.perfect() + before;
    const uint32_t perfect = reporter.perfect_size - before;
    added[perfect] = item;
    *extended = reporter.ExtendAll(arena, prefix, added, perfect + 1, count);
    reporter.perfect_size = before;
    if (extended->size > query.max_size) return Step::kSkip;
    const bool wanted = query.target == Target::kClosed || (extensions == 0 && !covered);
    if (wanted && !Put(*extended, count)) return Step::kStop;
    return extensions == 0 ? Step::kSkip : Step::kDescend;
  }

  // Moves the perfect ones of `extensions`, whose prefix has count `prefix_count`, to the reporter.
  // `items` is by code. ExtensionCounter has a variant for excluded extensions and bitmaps: sharing
  // one function costs searches of dense data 4 % with GCC 12, which then inlines differently.
  template <class Count>
  void TakePerfect(const Item* items, Count prefix_count, Extensions<Count>* extensions) {
    uint32_t kept = 0;
    for (uint32_t e = 0; e < extensions->size; ++e) {
      if (extensions->counts[e] == prefix_count) {
        reporter.perfect()[reporter.perfect_size++] = items[extensions->codes[e]];
        continue;
      }
      extensions->codes[kept] = extensions->codes[e];
      extensions->counts[kept++] = extensions->counts[e];
    }
    extensions->size = kept;
  }

  // Reports `prefix` with each of `extensions` from number `first` on. Returns false if the search
  // has ended.
  template <class Count>
  bool ReportEach(Prefix prefix, const Item* items, const Extensions<Count>& extensions,
                  uint32_t first) {
    for (uint32_t f = first; f < extensions.size; ++f) {
      if (!reporter.Report(prefix, items[extensions.codes[f]], extensions.counts[f])) return false;
    }
    return true;
  }

  // Puts a closed or maximal set. Returns false if the stream ends the search.
  bool Put(Prefix prefix, int64_t count) {
    return reporter.stream().Put({prefix.items, static_cast<size_t>(prefix.size)}, count);
  }

 private:
  static constexpr int kChecked = 4096;

  SearchControl& control_;
  size_t memory_bytes_ = 0;
  int until_check_ = kChecked;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_SEARCH_STATE_H_
