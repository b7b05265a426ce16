#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BITMAP_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BITMAP_SEARCH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "services/bundles/mining/isa/portable.h"
#include "services/bundles/mining/layout/bitmaps.h"
#include "services/bundles/mining/search/claims.h"
#include "services/bundles/mining/search/search_state.h"

namespace clustr::mining {

// Depth-first search where the baskets of a projection are few enough to be tid_count of bits: an
// extension is a bitmap, its count the bits of an intersection. Once few tid_count are left the
// others are squeezed out, down to a single word. Count is uint32_t, or int64_t for weighted
// baskets.
template <class Isa, class Count>
class BitmapSearch {
 public:
  using Set = typename SearchState<Isa>::Set;
  static constexpr bool kWeighted = std::is_same_v<Count, int64_t>;

  explicit BitmapSearch(SearchState<Isa>& state) : state_(state) {}

  // Reports what the extensions in `projection`, whose bitmaps have the tid_count of `space`, make
  // of `set`. Each is extended by those before it. Only those for which `claim` is true are looked
  // at, and of their extensions those of `next`. False if the search has ended.
  template <class Claim = NoClaim, class NextClaim = NoClaim>
  bool Mine(const VerticalProjection<Count>& projection, const TidSpace& space, Set set,
            Claim claim = {}, NextClaim next = {}) {
    const bool last = state_.ends_at(set.size + 1);
    VerticalProjection<Count> child = {};
    if (!last) child = Allocate(projection.total, space.words);
    uint32_t first = 0;
    if (state_.query.target == Target::kMaximal && projection.size > 0 &&
        !MineTogether(projection, space, set, claim, &first)) {
      return false;
    }
    for (uint32_t i = first; i < projection.size; ++i) {
      if (!claim(i, projection.size)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!Visit(projection, i, space, set, last, &child, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

  // The same where the pairs of `projection`, none of them left behind, are known, for sets of two
  // items and more. Indexes are codes.
  template <class Claim, class NextClaim>
  bool MineWithPairs(const VerticalProjection<Count>& projection, const TidSpace& space,
                     const FrequentPairs<Count>& pairs, Set set, Claim claim, NextClaim next) {
    for (uint32_t i = 0; i < projection.size; ++i) {
      if (!claim(i, projection.size)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!VisitWithPairs(projection, i, space, pairs, set, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

  // The weight of the tid_count of `bitmap`.
  Count CountOf(const uint64_t* bitmap, const TidSpace& space) {
    if constexpr (kWeighted) {
      return WeightOf(bitmap, space);
    } else {
      return CountBits(bitmap, space.words);
    }
  }

 private:
  VerticalProjection<Count> Allocate(uint32_t count, size_t words) {
    Arena& arena = state_.arena;
    const size_t room = size_t{count} + Isa::kLanes;
    return {arena.Allocate<Item>(room), arena.Allocate<Count>(room),
            arena.Allocate<uint64_t>((size_t{count} + 1) * words + Isa::kLanes), 0, 0};
  }

  template <class NextClaim>
  bool Visit(const VerticalProjection<Count>& projection, uint32_t i, const TidSpace& space,
             Set set, bool last, VerticalProjection<Count>* child, NextClaim next) {
    const uint64_t* const bitmap = projection.bitmaps + i * space.words;
    const Count own = projection.counts[i];
    const uint32_t before = state_.reporter.perfect_size;
    if (state_.looks_behind() &&
        Isa::AnyContains(projection.bitmaps, i + 1, projection.total, space.words, bitmap)) {
      return true;
    }
    if (!last)
      child->size = child->total = Intersect(projection, 0, i, bitmap, space, own, child, 0);
    const bool covered = state_.query.target == Target::kMaximal && child->size == 0 &&
                         AnyFrequent(projection, i + 1, bitmap, space);
    Set joined;
    const Step step =
        state_.Enter(set, projection.items[i], own, before, child->size, covered, &joined);
    if (step != Step::kDescend) return step == Step::kSkip;
    if (state_.looks_behind()) {
      child->total =
          Intersect(projection, i + 1, projection.total, bitmap, space, own, child, child->size);
    }
    return Descend(*child, bitmap, space, joined, next);
  }

  template <class NextClaim>
  bool VisitWithPairs(const VerticalProjection<Count>& projection, uint32_t i,
                      const TidSpace& space, const FrequentPairs<Count>& pairs, Set set,
                      NextClaim next) {
    Arena& arena = state_.arena;
    const uint32_t before = state_.reporter.perfect_size;
    Frequent<Count> partners = pairs.PartnersOf(arena, i);
    state_.TakePerfect(projection.items, projection.counts[i], &partners);
    Set joined;
    const Step step =
        state_.Enter(set, projection.items[i], projection.counts[i], before, partners.size,
                     /*covered=*/false, &joined);
    if (step != Step::kDescend) return step == Step::kSkip;
    const bool ends = state_.ends_at(joined.size + 1);
    const uint32_t linked = ends ? 0 : pairs.MovePairedToFront(arena, partners);
    if (!state_.ReportEach(joined, projection.items, partners, linked)) return false;
    if (linked == 0) return true;
    VerticalProjection<Count> child = Allocate(linked, space.words);
    const uint64_t* const bitmap = projection.bitmaps + i * space.words;
    for (uint32_t f = 0; f < linked; ++f) {
      const uint64_t* const other = projection.bitmaps + partners.codes[f] * space.words;
      uint64_t* const to = child.bitmaps + f * space.words;
      for (size_t w = 0; w < space.words; ++w) to[w] = other[w] & bitmap[w];
      child.items[f] = projection.items[partners.codes[f]];
      child.counts[f] = partners.counts[f];
    }
    child.size = child.total = linked;
    return Descend(child, bitmap, space, joined, next);
  }

  // If the first extensions make a frequent set together, no other set of those is maximal, which
  // `*first` passes by (Burdick et al., "MAFIA", 2001, head union tail).
  template <class Claim>
  bool MineTogether(const VerticalProjection<Count>& projection, const TidSpace& space, Set set,
                    Claim claim, uint32_t* first) {
    Arena& arena = state_.arena;
    const Arena::Mark mark = arena.mark();
    uint64_t* all = arena.Allocate<uint64_t>(space.words);
    uint64_t* more = arena.Allocate<uint64_t>(space.words);
    std::copy(projection.bitmaps, projection.bitmaps + space.words, all);
    Count count = projection.counts[0];
    bool claimed = claim(0, projection.size);
    uint32_t size = 1;
    for (; size < projection.size; ++size) {
      const uint64_t* const bitmap = projection.bitmaps + size * space.words;
      for (size_t w = 0; w < space.words; ++w) more[w] = all[w] & bitmap[w];
      const Count common = CountOf(more, space);
      if (common < static_cast<Count>(state_.query.min_count)) break;
      std::swap(all, more);
      count = common;
      claimed = claim(size, projection.size);
    }
    *first = size;
    bool go_on = true;
    if (claimed && set.size + static_cast<int>(size) <= state_.query.max_size &&
        !AnyFrequent(projection, size, all, space)) {
      set =
          state_.reporter.JoinAll(arena, set, projection.items, size, static_cast<int64_t>(count));
      go_on = state_.Put(set, static_cast<int64_t>(count));
    }
    arena.Release(mark);
    return go_on;
  }

  // True if an extension from number `begin` on is frequent in the tid_count of `bitmap`.
  bool AnyFrequent(const VerticalProjection<Count>& projection, uint32_t begin,
                   const uint64_t* bitmap, const TidSpace& space) {
    const auto least = static_cast<Count>(state_.query.min_count);
    if constexpr (kWeighted) {
      const Arena::Mark mark = state_.arena.mark();
      uint64_t* const common = state_.arena.template Allocate<uint64_t>(space.words);
      bool found = false;
      for (uint32_t j = begin; j < projection.total && !found; ++j) {
        const uint64_t* const other = projection.bitmaps + j * space.words;
        for (size_t w = 0; w < space.words; ++w) common[w] = other[w] & bitmap[w];
        found = WeightOf(common, space) >= least;
      }
      state_.arena.Release(mark);
      return found;
    } else {
      return Isa::AnyFrequent(projection.bitmaps, begin, projection.total, space.words, bitmap,
                              least);
    }
  }

  uint32_t Intersect(const VerticalProjection<Count>& projection, uint32_t begin, uint32_t end,
                     const uint64_t* bitmap, const TidSpace& space, Count own,
                     VerticalProjection<Count>* child, uint32_t at) {
    Reporter<Isa>& reporter = state_.reporter;
    const auto least = static_cast<Count>(state_.min_count());
    if constexpr (kWeighted) {
      return IntersectWeighted(projection, begin, end, space, bitmap, own, least, child, at,
                               reporter.perfect(), &reporter.perfect_size);
    } else {
      return Isa::Intersect(projection, begin, end, space.words, bitmap, own, least, child, at,
                            reporter.perfect(), &reporter.perfect_size);
    }
  }

  template <class Claim>
  bool Descend(const VerticalProjection<Count>& child, const uint64_t* bitmap,
               const TidSpace& space, Set set, Claim claim) {
    if (child.size == 1 && !state_.looks_behind()) {
      return state_.reporter.Report(set, child.items[0], child.counts[0]);
    }
    const uint32_t tid_count = space.words == 1 ? 0 : CountBits(bitmap, space.words);
    if (space.words == 1 || WordsFor(tid_count) * 2 > space.words)
      return Mine(child, space, set, claim);
    TidSpace fewer;
    uint64_t* const bitmaps = CompactTidSpace<Isa>(state_.arena, child.bitmaps, child.total, bitmap,
                                                   space, tid_count, &fewer);
    return Mine({child.items, child.counts, bitmaps, child.size, child.total}, fewer, set, claim);
  }

  SearchState<Isa>& state_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BITMAP_SEARCH_H_
