#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BIT_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BIT_SEARCH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "services/bundles/mining/isa/portable.h"
#include "services/bundles/mining/layout/bit_rows.h"
#include "services/bundles/mining/search/claims.h"
#include "services/bundles/mining/search/search_state.h"

namespace clustr::mining {

// Depth-first search where the baskets of a projection are few enough to be columns of bits: an
// extension is a row, its count the bits of an intersection. Once few columns are left the others
// are squeezed out, down to a single word. Count is uint32_t, or int64_t for weighted baskets.
template <class Isa, class Count>
class BitSearch {
 public:
  using Set = typename SearchState<Isa>::Set;
  static constexpr bool kWeighted = std::is_same_v<Count, int64_t>;

  explicit BitSearch(SearchState<Isa>& state) : state_(state) {}

  // Reports what the extensions in `nodes`, whose rows have the columns of `base`, make of `set`.
  // Each is extended by those before it. Only those for which `claim` is true are looked at, and of
  // their extensions those of `next`. False if the search has ended.
  template <class Claim = NoClaim, class NextClaim = NoClaim>
  bool Mine(const Extensions<Count>& nodes, const Columns& base, Set set, Claim claim = {},
            NextClaim next = {}) {
    const bool last = state_.ends_at(set.size + 1);
    Extensions<Count> child = {};
    if (!last) child = Allocate(nodes.total, base.words);
    uint32_t first = 0;
    if (state_.query.target == Target::kMaximal && nodes.size > 0 &&
        !MineTogether(nodes, base, set, claim, &first)) {
      return false;
    }
    for (uint32_t i = first; i < nodes.size; ++i) {
      if (!claim(i, nodes.size)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!Visit(nodes, i, base, set, last, &child, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

  // The same where the pairs of `nodes`, none of them left behind, are known, for sets of two items
  // and more. Indexes are codes.
  template <class Claim, class NextClaim>
  bool MineWithPairs(const Extensions<Count>& nodes, const Columns& base,
                     const FrequentPairs<Count>& pairs, Set set, Claim claim, NextClaim next) {
    for (uint32_t i = 0; i < nodes.size; ++i) {
      if (!claim(i, nodes.size)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!VisitWithPairs(nodes, i, base, pairs, set, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

  // The weight of the columns of `row`.
  Count CountOf(const uint64_t* row, const Columns& base) {
    if constexpr (kWeighted) {
      return WeightOf(row, base);
    } else {
      return CountBits(row, base.words);
    }
  }

 private:
  Extensions<Count> Allocate(uint32_t count, size_t words) {
    Arena& arena = state_.arena;
    const size_t room = size_t{count} + Isa::kLanes;
    return {arena.Allocate<Item>(room), arena.Allocate<Count>(room),
            arena.Allocate<uint64_t>((size_t{count} + 1) * words + Isa::kLanes), 0, 0};
  }

  template <class NextClaim>
  bool Visit(const Extensions<Count>& nodes, uint32_t i, const Columns& base, Set set, bool last,
             Extensions<Count>* child, NextClaim next) {
    const uint64_t* const row = nodes.rows + i * base.words;
    const Count own = nodes.counts[i];
    const uint32_t before = state_.reporter.perfect_size;
    if (state_.looks_behind() && Isa::AnyHolds(nodes.rows, i + 1, nodes.total, base.words, row)) {
      return true;
    }
    if (!last) child->size = child->total = Intersect(nodes, 0, i, row, base, own, child, 0);
    const bool covered = state_.query.target == Target::kMaximal && child->size == 0 &&
                         AnyFrequent(nodes, i + 1, row, base);
    Set joined;
    const Step step = state_.Enter(set, nodes.items[i], own, before, child->size, covered, &joined);
    if (step != Step::kDescend) return step == Step::kSkip;
    if (state_.looks_behind()) {
      child->total = Intersect(nodes, i + 1, nodes.total, row, base, own, child, child->size);
    }
    return Descend(*child, row, base, joined, next);
  }

  template <class NextClaim>
  bool VisitWithPairs(const Extensions<Count>& nodes, uint32_t i, const Columns& base,
                      const FrequentPairs<Count>& pairs, Set set, NextClaim next) {
    Arena& arena = state_.arena;
    const uint32_t before = state_.reporter.perfect_size;
    Frequent<Count> partners = pairs.PartnersOf(arena, i);
    state_.TakePerfect(nodes.items, nodes.counts[i], &partners);
    Set joined;
    const Step step = state_.Enter(set, nodes.items[i], nodes.counts[i], before, partners.size,
                                   /*covered=*/false, &joined);
    if (step != Step::kDescend) return step == Step::kSkip;
    const bool ends = state_.ends_at(joined.size + 1);
    const uint32_t linked = ends ? 0 : pairs.MoveLinkedToFront(arena, partners);
    if (!state_.ReportEach(joined, nodes.items, partners, linked)) return false;
    if (linked == 0) return true;
    Extensions<Count> child = Allocate(linked, base.words);
    const uint64_t* const row = nodes.rows + i * base.words;
    for (uint32_t f = 0; f < linked; ++f) {
      const uint64_t* const other = nodes.rows + partners.codes[f] * base.words;
      uint64_t* const to = child.rows + f * base.words;
      for (size_t w = 0; w < base.words; ++w) to[w] = other[w] & row[w];
      child.items[f] = nodes.items[partners.codes[f]];
      child.counts[f] = partners.counts[f];
    }
    child.size = child.total = linked;
    return Descend(child, row, base, joined, next);
  }

  // If the first extensions make a frequent set together, no other set of those is maximal, which
  // `*first` passes by (Burdick et al., "MAFIA", 2001, head union tail).
  template <class Claim>
  bool MineTogether(const Extensions<Count>& nodes, const Columns& base, Set set, Claim claim,
                    uint32_t* first) {
    Arena& arena = state_.arena;
    const Arena::Mark mark = arena.mark();
    uint64_t* all = arena.Allocate<uint64_t>(base.words);
    uint64_t* more = arena.Allocate<uint64_t>(base.words);
    std::copy(nodes.rows, nodes.rows + base.words, all);
    Count count = nodes.counts[0];
    bool claimed = claim(0, nodes.size);
    uint32_t size = 1;
    for (; size < nodes.size; ++size) {
      const uint64_t* const row = nodes.rows + size * base.words;
      for (size_t w = 0; w < base.words; ++w) more[w] = all[w] & row[w];
      const Count common = CountOf(more, base);
      if (common < static_cast<Count>(state_.query.min_count)) break;
      std::swap(all, more);
      count = common;
      claimed = claim(size, nodes.size);
    }
    *first = size;
    bool go_on = true;
    if (claimed && set.size + static_cast<int>(size) <= state_.query.max_size &&
        !AnyFrequent(nodes, size, all, base)) {
      set = state_.reporter.JoinAll(arena, set, nodes.items, size, static_cast<int64_t>(count));
      go_on = state_.Put(set, static_cast<int64_t>(count));
    }
    arena.Release(mark);
    return go_on;
  }

  // True if an extension from number `begin` on is frequent in the columns of `row`.
  bool AnyFrequent(const Extensions<Count>& nodes, uint32_t begin, const uint64_t* row,
                   const Columns& base) {
    const auto least = static_cast<Count>(state_.query.min_count);
    if constexpr (kWeighted) {
      const Arena::Mark mark = state_.arena.mark();
      uint64_t* const common = state_.arena.template Allocate<uint64_t>(base.words);
      bool found = false;
      for (uint32_t j = begin; j < nodes.total && !found; ++j) {
        const uint64_t* const other = nodes.rows + j * base.words;
        for (size_t w = 0; w < base.words; ++w) common[w] = other[w] & row[w];
        found = WeightOf(common, base) >= least;
      }
      state_.arena.Release(mark);
      return found;
    } else {
      return Isa::AnyFrequent(nodes.rows, begin, nodes.total, base.words, row, least);
    }
  }

  uint32_t Intersect(const Extensions<Count>& nodes, uint32_t begin, uint32_t end,
                     const uint64_t* row, const Columns& base, Count own, Extensions<Count>* child,
                     uint32_t at) {
    Reporter<Isa>& reporter = state_.reporter;
    const auto least = static_cast<Count>(state_.min_count());
    if constexpr (kWeighted) {
      return IntersectWeighted(nodes, begin, end, base, row, own, least, child, at,
                               reporter.perfect(), &reporter.perfect_size);
    } else {
      return Isa::Intersect(nodes, begin, end, base.words, row, own, least, child, at,
                            reporter.perfect(), &reporter.perfect_size);
    }
  }

  template <class Claim>
  bool Descend(const Extensions<Count>& child, const uint64_t* row, const Columns& base, Set set,
               Claim claim) {
    if (child.size == 1 && !state_.looks_behind()) {
      return state_.reporter.Report(set, child.items[0], child.counts[0]);
    }
    const uint32_t columns = base.words == 1 ? 0 : CountBits(row, base.words);
    if (base.words == 1 || WordsFor(columns) * 2 > base.words) return Mine(child, base, set, claim);
    Columns fewer;
    uint64_t* const rows =
        SqueezeColumns<Isa>(state_.arena, child.rows, child.total, row, base, columns, &fewer);
    return Mine({child.items, child.counts, rows, child.size, child.total}, fewer, set, claim);
  }

  SearchState<Isa>& state_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BIT_SEARCH_H_
