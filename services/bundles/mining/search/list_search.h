#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_LIST_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_LIST_SEARCH_H_

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/layout/list_node.h"
#include "services/bundles/mining/layout/list_projection.h"
#include "services/bundles/mining/layout/node_pairs.h"
#include "services/bundles/mining/layout/strategy.h"
#include "services/bundles/mining/search/beside_counter.h"
#include "services/bundles/mining/search/bit_search.h"

namespace clustr::mining {

// Depth-first search over lists of baskets (occurrence deliver: Uno et al., "LCM ver. 2", 2004).
// Codes are taken in ascending order, each extended by lower ones, so that every set comes before
// its supersets. A projection goes on in lists or in bits, whatever its size and density make
// cheaper. Code holds any code, Count any count: uint32_t, or int64_t for weighted baskets.
template <class Isa, class Code, class Count>
class ListSearch {
 public:
  using Node = ListNode<Code, Count>;
  using Row = ListRow<Code, Count>;
  using Set = typename SearchState<Isa>::Set;

  // For a root of `size` codes.
  ListSearch(SearchState<Isa>& state, uint32_t size)
      : state_(state),
        bits_(state),
        projection_(state.arena, size, state.looks_behind()),
        counter_(state, projection_, size) {}

  // Reports what the codes of `node` make of `set`: of those for which `claim` is true, and of
  // their extensions those of `next`. False if the search has ended.
  template <class Claim, class NextClaim>
  bool Mine(const Node& node, Set set, Claim claim, NextClaim next) {
    for (uint32_t code = 0; code < node.size; ++code) {
      if (!claim(code, node.size)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = state_.arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      if (!Visit(node, code, set, next)) return false;
      state_.reporter.perfect_size = before;
      state_.arena.Release(mark);
    }
    return true;
  }

 private:
  template <class NextClaim>
  bool Visit(const Node& node, uint32_t code, Set set, NextClaim next) {
    const Count own = node.counts[code];
    if (state_.ends_at(set.size + 1)) return state_.reporter.Report(set, node.items[code], own);
    const uint32_t before = state_.reporter.perfect_size;
    Beside<Count> beside;
    if (!counter_.FindBeside(node, code, &beside)) return true;
    Frequent<Count>& frequent = beside.frequent;
    Set joined;
    const Step step = state_.Enter(set, node.items[code], static_cast<int64_t>(own), before,
                                   beside.heads, frequent.size > beside.heads, &joined);
    if (step != Step::kDescend) return step == Step::kSkip;
    if (!state_.looks_behind()) {
      uint32_t linked = beside.heads;
      if (state_.ends_at(joined.size + 1) || beside.heads == 1) {
        linked = 0;
      } else if (node.pairs != nullptr) {
        linked = node.pairs->MoveLinkedToFront(state_.arena, frequent);
      }
      if (!state_.ReportEach(joined, node.items, frequent, linked)) return false;
      if (linked == 0) return true;
      frequent.size = beside.heads = linked;
    }
    return Descend(node, code, beside, joined, next);
  }

  template <class Claim>
  bool Descend(const Node& node, uint32_t code, const Beside<Count>& beside, Set set, Claim claim) {
    const Frequent<Count>& frequent = beside.frequent;
    const uint32_t count = node.ends[code] - node.begins[code];
    double entries = 0;
    for (uint32_t f = 0; f < frequent.size; ++f) entries += static_cast<double>(frequent.counts[f]);
    // As if all baskets of the code weighed the same.
    if (Row::kWeighted) entries *= count / static_cast<double>(node.counts[code]);
    const Projection shape = {.rows = count,
                              .entries = static_cast<uint64_t>(entries),
                              .codes = frequent.size,
                              .pairs = AllPairs(beside.heads, frequent.size),
                              .in_bits = beside.rows != nullptr};
    if (count <= 64 || BitsAreCheaper(shape)) {
      const Columns columns = projection_.MakeColumns(node, node.places + node.begins[code], count);
      uint64_t* const rows =
          beside.rows != nullptr
              ? beside.rows
              : projection_.MakeRows(node, code, frequent, columns.words, Isa::kLanes);
      Item* const items = projection_.ItemsOf(node, frequent, Isa::kLanes);
      return bits_.Mine({items, frequent.counts, rows, beside.heads, frequent.size}, columns, set,
                        claim);
    }
    Node child = projection_.MakeNode(node, code, frequent, beside.heads);
    FrequentPairs<Count> pairs;
    if (!state_.looks_behind() && PairsAreCheaper(child)) {
      pairs = CountNodePairs<Isa>(state_.arena, child, static_cast<Count>(state_.min_count()));
      child.pairs = &pairs;
    }
    return Mine(child, set, claim, NoClaim());
  }

  SearchState<Isa>& state_;
  BitSearch<Isa, Count> bits_;
  ListProjection<Code, Count> projection_;
  BesideCounter<Isa, Code, Count> counter_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_LIST_SEARCH_H_
