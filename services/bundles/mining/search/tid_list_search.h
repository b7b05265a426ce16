#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_TID_LIST_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_TID_LIST_SEARCH_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/layout/horizontal_projection.h"
#include "services/bundles/mining/layout/projection_pairs.h"
#include "services/bundles/mining/layout/projector.h"
#include "services/bundles/mining/layout/strategy.h"
#include "services/bundles/mining/search/bitmap_search.h"
#include "services/bundles/mining/search/extension_counter.h"

namespace clustr::mining {

// Depth-first search of projections in horizontal layout with tid-lists (occurrence deliver: Uno et
// al., "LCM ver. 2", 2004). Takes candidates in ascending order of codes and extends each by lower
// codes, so that every set comes before its supersets. Each child projection is searched in the
// layout that its size and density make cheaper. Code must hold every code and the number of codes
// in a basket; Count must hold every count: uint32_t, or int64_t if baskets are weighted.
template <class Isa, class Code, class Count>
class TidListSearch {
 public:
  using Projection = HorizontalProjection<Code, Count>;
  using Record = BasketRecord<Code, Count>;
  using Prefix = typename SearchState<Isa>::Prefix;

  // For a root of `size` codes.
  TidListSearch(SearchState<Isa>& state, uint32_t size)
      : state_(state),
        bitmap_search_(state),
        projector_(state.arena, size, state.checks_excluded()),
        counter_(state, projector_, size) {}

  // Reports the sets that extend `prefix` by candidates of `projection`. Visits only the candidates
  // for which `claim` is true, and of their extensions only those for which `next` is. Returns
  // false if the search has ended.
  template <class Claim, class NextClaim>
  bool Mine(const Projection& projection, Prefix prefix, Claim claim, NextClaim next) {
    for (uint32_t code = 0; code < projection.candidate_count; ++code) {
      if (!claim(code, projection.candidate_count)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!Visit(projection, code, prefix, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

 private:
  template <class NextClaim>
  bool Visit(const Projection& projection, uint32_t code, Prefix prefix, NextClaim next) {
    const Count prefix_count = projection.counts[code];
    if (state_.ends_at(prefix.size + 1)) {
      return state_.reporter.Report(prefix, projection.items[code], prefix_count);
    }
    const uint32_t before = state_.reporter.perfect_size;
    CountedExtensions<Count> counted;
    if (!counter_.CountExtensions(projection, code, &counted)) return true;
    Extensions<Count>& extensions = counted.extensions;
    Prefix extended;
    const Step step =
        state_.Enter(prefix, projection.items[code], static_cast<int64_t>(prefix_count), before,
                     counted.candidate_count, extensions.size > counted.candidate_count, &extended);
    if (step != Step::kDescend) return step == Step::kSkip;
    if (!state_.checks_excluded()) {
      uint32_t paired = counted.candidate_count;
      if (state_.ends_at(extended.size + 1) || counted.candidate_count == 1) {
        paired = 0;
      } else if (projection.pairs != nullptr) {
        paired = projection.pairs->MovePairedToFront(state_.arena, extensions);
      }
      if (!state_.ReportEach(extended, projection.items, extensions, paired)) return false;
      if (paired == 0) return true;
      extensions.size = counted.candidate_count = paired;
    }
    return Descend(projection, code, counted, extended, next);
  }

  template <class Claim>
  bool Descend(const Projection& projection, uint32_t code, const CountedExtensions<Count>& counted,
               Prefix prefix, Claim claim) {
    const Extensions<Count>& extensions = counted.extensions;
    const uint32_t count = projection.ends[code] - projection.begins[code];
    double entries = 0;
    for (uint32_t f = 0; f < extensions.size; ++f) {
      entries += static_cast<double>(extensions.counts[f]);
    }
    // An estimate, as if all baskets that contain the code had the same weight.
    if (Record::kWeighted) entries *= count / static_cast<double>(projection.counts[code]);
    const ProjectionShape shape = {.baskets = count,
                                   .entries = static_cast<uint64_t>(entries),
                                   .extension_count = extensions.size,
                                   .pairs = AllPairs(counted.candidate_count, extensions.size),
                                   .has_bitmaps = counted.bitmaps != nullptr};
    if (count <= 64 || BitmapsAreCheaper(shape)) {
      const TidSpace space =
          projector_.MakeTidSpace(projection, projection.tids + projection.begins[code], count);
      uint64_t* const bitmaps =
          counted.bitmaps != nullptr
              ? counted.bitmaps
              : projector_.MakeBitmaps(projection, code, extensions, space.words, Isa::kLanes);
      Item* const items = projector_.ItemsOf(projection, extensions, Isa::kLanes);
      return bitmap_search_.Mine(
          {items, extensions.counts, bitmaps, counted.candidate_count, extensions.size}, space,
          prefix, claim);
    }
    Projection child = projector_.Project(projection, code, extensions, counted.candidate_count);
    FrequentPairs<Count> pairs;
    if (!state_.checks_excluded() && CountingPairsIsCheaper(child)) {
      pairs =
          CountProjectionPairs<Isa>(state_.arena, child, static_cast<Count>(state_.min_count()));
      child.pairs = &pairs;
    }
    return Mine(child, prefix, claim, NoClaim());
  }

  SearchState<Isa>& state_;
  BitmapSearch<Isa, Count> bitmap_search_;
  Projector<Code, Count> projector_;
  ExtensionCounter<Isa, Code, Count> counter_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_TID_LIST_SEARCH_H_
