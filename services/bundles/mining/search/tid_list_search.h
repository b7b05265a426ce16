#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_TID_LIST_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_TID_LIST_SEARCH_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/layout/horizontal_projection.h"
#include "services/bundles/mining/layout/projection_pairs.h"
#include "services/bundles/mining/layout/projector.h"
#include "services/bundles/mining/layout/strategy.h"
#include "services/bundles/mining/search/beside_counter.h"
#include "services/bundles/mining/search/bitmap_search.h"

namespace clustr::mining {

// Depth-first search over lists of baskets (occurrence deliver: Uno et al., "LCM ver. 2", 2004).
// Codes are taken in ascending order, each extended by lower ones, so that every set comes before
// its supersets. A projection goes on in lists or in bits, whatever its size and density make
// cheaper. Code holds any code, Count any count: uint32_t, or int64_t for weighted baskets.
template <class Isa, class Code, class Count>
class TidListSearch {
 public:
  using Projection = HorizontalProjection<Code, Count>;
  using Record = BasketRecord<Code, Count>;
  using Set = typename SearchState<Isa>::Set;

  // For a root of `size` codes.
  TidListSearch(SearchState<Isa>& state, uint32_t size)
      : state_(state),
        bitmap_search_(state),
        projector_(state.arena, size, state.looks_behind()),
        counter_(state, projector_, size) {}

  // Reports what the codes of `projection` make of `set`: of those for which `claim` is true, and
  // of their extensions those of `next`. False if the search has ended.
  template <class Claim, class NextClaim>
  bool Mine(const Projection& projection, Set set, Claim claim, NextClaim next) {
    for (uint32_t code = 0; code < projection.size; ++code) {
      if (!claim(code, projection.size)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!Visit(projection, code, set, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

 private:
  template <class NextClaim>
  bool Visit(const Projection& projection, uint32_t code, Set set, NextClaim next) {
    const Count own = projection.counts[code];
    if (state_.ends_at(set.size + 1))
      return state_.reporter.Report(set, projection.items[code], own);
    const uint32_t before = state_.reporter.perfect_size;
    Beside<Count> beside;
    if (!counter_.FindBeside(projection, code, &beside)) return true;
    Frequent<Count>& frequent = beside.frequent;
    Set joined;
    const Step step = state_.Enter(set, projection.items[code], static_cast<int64_t>(own), before,
                                   beside.heads, frequent.size > beside.heads, &joined);
    if (step != Step::kDescend) return step == Step::kSkip;
    if (!state_.looks_behind()) {
      uint32_t linked = beside.heads;
      if (state_.ends_at(joined.size + 1) || beside.heads == 1) {
        linked = 0;
      } else if (projection.pairs != nullptr) {
        linked = projection.pairs->MovePairedToFront(state_.arena, frequent);
      }
      if (!state_.ReportEach(joined, projection.items, frequent, linked)) return false;
      if (linked == 0) return true;
      frequent.size = beside.heads = linked;
    }
    return Descend(projection, code, beside, joined, next);
  }

  template <class Claim>
  bool Descend(const Projection& projection, uint32_t code, const Beside<Count>& beside, Set set,
               Claim claim) {
    const Frequent<Count>& frequent = beside.frequent;
    const uint32_t count = projection.ends[code] - projection.begins[code];
    double entries = 0;
    for (uint32_t f = 0; f < frequent.size; ++f) entries += static_cast<double>(frequent.counts[f]);
    // As if all baskets of the code weighed the same.
    if (Record::kWeighted) entries *= count / static_cast<double>(projection.counts[code]);
    const ProjectionShape shape = {.baskets = count,
                                   .entries = static_cast<uint64_t>(entries),
                                   .extensions = frequent.size,
                                   .pairs = AllPairs(beside.heads, frequent.size),
                                   .has_bitmaps = beside.bitmaps != nullptr};
    if (count <= 64 || BitmapsAreCheaper(shape)) {
      const TidSpace space =
          projector_.MakeTidSpace(projection, projection.tids + projection.begins[code], count);
      uint64_t* const bitmaps =
          beside.bitmaps != nullptr
              ? beside.bitmaps
              : projector_.MakeBitmaps(projection, code, frequent, space.words, Isa::kLanes);
      Item* const items = projector_.ItemsOf(projection, frequent, Isa::kLanes);
      return bitmap_search_.Mine({items, frequent.counts, bitmaps, beside.heads, frequent.size},
                                 space, set, claim);
    }
    Projection child = projector_.Project(projection, code, frequent, beside.heads);
    FrequentPairs<Count> pairs;
    if (!state_.looks_behind() && CountingPairsIsCheaper(child)) {
      pairs =
          CountProjectionPairs<Isa>(state_.arena, child, static_cast<Count>(state_.min_count()));
      child.pairs = &pairs;
    }
    return Mine(child, set, claim, NoClaim());
  }

  SearchState<Isa>& state_;
  BitmapSearch<Isa, Count> bitmap_search_;
  Projector<Code, Count> projector_;
  BesideCounter<Isa, Code, Count> counter_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_TID_LIST_SEARCH_H_
