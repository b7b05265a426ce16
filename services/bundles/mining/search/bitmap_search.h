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

// Depth-first search of projections in vertical layout. Intersecting the tid-bitmaps of two
// extensions gives the bitmap, and by its bits the count, of both together. Once few baskets of a
// projection are left, their bits are moved together, down to a single word. Count is uint32_t, or
// int64_t if baskets are weighted.
template <class Isa, class Count>
class BitmapSearch {
 public:
  using Prefix = typename SearchState<Isa>::Prefix;
  static constexpr bool kWeighted = std::is_same_v<Count, int64_t>;

  explicit BitmapSearch(SearchState<Isa>& state) : state_(state) {}

  // Reports the sets that extend `prefix` by candidates of `projection`, whose bitmaps range over
  // `space`. Each candidate is extended by those before it. Visits only the candidates for which
  // `claim` is true, and of their extensions only those for which `next` is. Returns false if the
  // search has ended.
  template <class Claim = NoClaim, class NextClaim = NoClaim>
  bool Mine(const VerticalProjection<Count>& projection, const TidSpace& space, Prefix prefix,
            Claim claim = {}, NextClaim next = {}) {
    const bool last = state_.ends_at(prefix.size + 1);
    VerticalProjection<Count> child = {};
    if (!last) child = Allocate(projection.extension_count, space.words);
    uint32_t first = 0;
    if (state_.query.target == Target::kMaximal && projection.candidate_count > 0 &&
        !MineTogether(projection, space, prefix, claim, &first)) {
      return false;
    }
    for (uint32_t i = first; i < projection.candidate_count; ++i) {
      if (!claim(i, projection.candidate_count)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!Visit(projection, i, space, prefix, last, &child, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

  // The same for sets of at least two items, if the frequent pairs of `projection` are known.
  // Requires a projection without excluded extensions whose candidates are in the order of their
  // codes.
  template <class Claim, class NextClaim>
  bool MineWithPairs(const VerticalProjection<Count>& projection, const TidSpace& space,
                     const FrequentPairs<Count>& pairs, Prefix prefix, Claim claim,
                     NextClaim next) {
    for (uint32_t i = 0; i < projection.candidate_count; ++i) {
      if (!claim(i, projection.candidate_count)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!VisitWithPairs(projection, i, space, pairs, prefix, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

  // The count of the baskets in `bitmap`.
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
             Prefix prefix, bool last, VerticalProjection<Count>* child, NextClaim next) {
    const uint64_t* const bitmap = projection.bitmaps + i * space.words;
    const Count prefix_count = projection.counts[i];
    const uint32_t before = state_.reporter.perfect_size;
    if (state_.checks_excluded() &&
        Isa::AnyContains(projection.bitmaps, i + 1, projection.extension_count, space.words,
                         bitmap)) {
      return true;
    }
    if (!last) {
      child->candidate_count = child->extension_count =
          Intersect(projection, 0, i, bitmap, space, prefix_count, child, 0);
    }
    const bool covered = state_.query.target == Target::kMaximal && child->candidate_count == 0 &&
                         AnyFrequent(projection, i + 1, bitmap, space);
    Prefix extended;
    const Step step = state_.Enter(prefix, projection.items[i], prefix_count, before,
                                   child->candidate_count, covered, &extended);
    if (step != Step::kDescend) return step == Step::kSkip;
    if (state_.checks_excluded()) {
      child->extension_count = Intersect(projection, i + 1, projection.extension_count, bitmap,
                                         space, prefix_count, child, child->candidate_count);
    }
    return Descend(*child, bitmap, space, extended, next);
  }

  template <class NextClaim>
  bool VisitWithPairs(const VerticalProjection<Count>& projection, uint32_t i,
                      const TidSpace& space, const FrequentPairs<Count>& pairs, Prefix prefix,
                      NextClaim next) {
    Arena& arena = state_.arena;
    const uint32_t before = state_.reporter.perfect_size;
    Extensions<Count> extensions = pairs.ExtensionsOf(arena, i);
    state_.TakePerfect(projection.items, projection.counts[i], &extensions);
    Prefix extended;
    const Step step =
        state_.Enter(prefix, projection.items[i], projection.counts[i], before, extensions.size,
                     /*covered=*/false, &extended);
    if (step != Step::kDescend) return step == Step::kSkip;
    const bool ends = state_.ends_at(extended.size + 1);
    const uint32_t paired = ends ? 0 : pairs.MovePairedToFront(arena, extensions);
    if (!state_.ReportEach(extended, projection.items, extensions, paired)) return false;
    if (paired == 0) return true;
    VerticalProjection<Count> child = Allocate(paired, space.words);
    const uint64_t* const bitmap = projection.bitmaps + i * space.words;
    for (uint32_t f = 0; f < paired; ++f) {
      const uint64_t* const other = projection.bitmaps + extensions.codes[f] * space.words;
      uint64_t* const to = child.bitmaps + f * space.words;
      for (size_t w = 0; w < space.words; ++w) to[w] = other[w] & bitmap[w];
      child.items[f] = projection.items[extensions.codes[f]];
      child.counts[f] = extensions.counts[f];
    }
    child.candidate_count = child.extension_count = paired;
    return Descend(child, bitmap, space, extended, next);
  }

  // The first candidates, as long as they are frequent together with `prefix`, form one set of
  // which no proper subset is maximal. Puts that set if it is maximal, and sets `*first` to the
  // number of those candidates (head union tail: Burdick et al., "MAFIA", 2001). Returns false if
  // the search has ended.
  template <class Claim>
  bool MineTogether(const VerticalProjection<Count>& projection, const TidSpace& space,
                    Prefix prefix, Claim claim, uint32_t* first) {
    Arena& arena = state_.arena;
    const Arena::Mark mark = arena.mark();
    uint64_t* all = arena.Allocate<uint64_t>(space.words);
    uint64_t* more = arena.Allocate<uint64_t>(space.words);
    std::copy(projection.bitmaps, projection.bitmaps + space.words, all);
    Count count = projection.counts[0];
    bool claimed = claim(0, projection.candidate_count);
    uint32_t size = 1;
    for (; size < projection.candidate_count; ++size) {
      const uint64_t* const bitmap = projection.bitmaps + size * space.words;
      for (size_t w = 0; w < space.words; ++w) more[w] = all[w] & bitmap[w];
      const Count common = CountOf(more, space);
      if (common < static_cast<Count>(state_.query.min_count)) break;
      std::swap(all, more);
      count = common;
      claimed = claim(size, projection.candidate_count);
    }
    *first = size;
    bool go_on = true;
    if (claimed && prefix.size + static_cast<int>(size) <= state_.query.max_size &&
        !AnyFrequent(projection, size, all, space)) {
      prefix = state_.reporter.ExtendAll(arena, prefix, projection.items, size,
                                         static_cast<int64_t>(count));
      go_on = state_.Put(prefix, static_cast<int64_t>(count));
    }
    arena.Release(mark);
    return go_on;
  }

  // True if one of the extensions from number `begin` on is frequent among the baskets of `bitmap`.
  bool AnyFrequent(const VerticalProjection<Count>& projection, uint32_t begin,
                   const uint64_t* bitmap, const TidSpace& space) {
    const auto min_count = static_cast<Count>(state_.query.min_count);
    if constexpr (kWeighted) {
      const Arena::Mark mark = state_.arena.mark();
      uint64_t* const common = state_.arena.template Allocate<uint64_t>(space.words);
      bool found = false;
      for (uint32_t j = begin; j < projection.extension_count && !found; ++j) {
        const uint64_t* const other = projection.bitmaps + j * space.words;
        for (size_t w = 0; w < space.words; ++w) common[w] = other[w] & bitmap[w];
        found = WeightOf(common, space) >= min_count;
      }
      state_.arena.Release(mark);
      return found;
    } else {
      return Isa::AnyFrequent(projection.bitmaps, begin, projection.extension_count, space.words,
                              bitmap, min_count);
    }
  }

  uint32_t Intersect(const VerticalProjection<Count>& projection, uint32_t begin, uint32_t end,
                     const uint64_t* bitmap, const TidSpace& space, Count prefix_count,
                     VerticalProjection<Count>* child, uint32_t at) {
    Reporter<Isa>& reporter = state_.reporter;
    const auto min_count = static_cast<Count>(state_.min_count());
    if constexpr (kWeighted) {
      return IntersectWeighted(projection, begin, end, space, bitmap, prefix_count, min_count,
                               child, at, reporter.perfect(), &reporter.perfect_size);
    } else {
      return Isa::Intersect(projection, begin, end, space.words, bitmap, prefix_count, min_count,
                            child, at, reporter.perfect(), &reporter.perfect_size);
    }
  }

  template <class Claim>
  bool Descend(const VerticalProjection<Count>& child, const uint64_t* bitmap,
               const TidSpace& space, Prefix prefix, Claim claim) {
    if (child.candidate_count == 1 && !state_.checks_excluded()) {
      return state_.reporter.Report(prefix, child.items[0], child.counts[0]);
    }
    const uint32_t tid_count = space.words == 1 ? 0 : CountBits(bitmap, space.words);
    if (space.words == 1 || WordsFor(tid_count) * 2 > space.words) {
      return Mine(child, space, prefix, claim);
    }
    TidSpace compact;
    uint64_t* const bitmaps = CompactTidSpace<Isa>(
        state_.arena, child.bitmaps, child.extension_count, bitmap, space, tid_count, &compact);
    return Mine({child.items, child.counts, bitmaps, child.candidate_count, child.extension_count},
                compact, prefix, claim);
  }

  SearchState<Isa>& state_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BITMAP_SEARCH_H_
