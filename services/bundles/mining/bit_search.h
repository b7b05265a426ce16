#ifndef CLUSTR_SERVICES_BUNDLES_MINING_BIT_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_BIT_SEARCH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "services/bundles/mining/bit_rows.h"
#include "services/bundles/mining/isa_portable.h"
#include "services/bundles/mining/search_state.h"

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
  // Each is extended by those before it. False if the search has ended.
  bool Mine(const Extensions<Count>& nodes, const Columns& base, Set set) {
    return Mine(nodes, base, set, [](uint32_t) { return true; });
  }

  // The same for those nodes alone for which `claim(index)` is true.
  template <class Claim>
  bool Mine(const Extensions<Count>& nodes, const Columns& base, Set set, Claim claim) {
    Arena& arena = state_.arena;
    const size_t room = nodes.size + Isa::kLanes;
    Extensions<Count> child = {};
    const bool last = state_.ends_at(set.size + 1);
    if (!last) {
      child = {arena.Allocate<Item>(room), arena.Allocate<Count>(room),
               arena.Allocate<uint64_t>((nodes.size + 1) * base.words + Isa::kLanes), 0};
    }
    for (uint32_t i = 0; i < nodes.size; ++i) {
      if (!claim(i)) continue;
      if (!state_.Proceed()) return false;
      const Arena::Mark mark = arena.mark();
      const uint32_t before = state_.reporter.perfect_size;
      const uint64_t* const row = nodes.rows + i * base.words;
      if (!last) Intersect(nodes, i, row, base, &child);
      Set joined;
      const Step step = state_.Enter(
          set, nodes.items[i], nodes.counts[i], before, child.size,
          [&] { return Holders(row, base); }, &joined);
      if (step == Step::kStop) return false;
      if (step == Step::kDescend && !Descend(child, row, base, joined)) return false;
      state_.reporter.perfect_size = before;
      arena.Release(mark);
    }
    return true;
  }

 private:
  void Intersect(const Extensions<Count>& nodes, uint32_t i, const uint64_t* row,
                 const Columns& base, Extensions<Count>* child) {
    Reporter<Isa>& reporter = state_.reporter;
    const auto least = static_cast<Count>(state_.least_count());
    if constexpr (kWeighted) {
      IntersectWeighted(nodes, i, base, row, nodes.counts[i], least, child, reporter.perfect(),
                        &reporter.perfect_size);
    } else {
      Isa::Intersect(nodes, i, base.words, row, nodes.counts[i], least, child, reporter.perfect(),
                     &reporter.perfect_size);
    }
  }

  bool Descend(const Extensions<Count>& child, const uint64_t* row, const Columns& base, Set set) {
    if (child.size == 1 && state_.query.target == Target::kAll) {
      return state_.reporter.Report(set, child.items[0], child.counts[0]);
    }
    const uint32_t columns = base.words == 1 ? 0 : CountBits(row, base.words);
    if (base.words == 1 || WordsFor(columns) * 2 > base.words) return Mine(child, base, set);
    Columns fewer;
    const Extensions<Count> squeezed = {
        child.items, child.counts,
        SqueezeColumns<Isa>(state_.arena, child.rows, child.size, row, base, columns, &fewer),
        child.size};
    return Mine(squeezed, fewer, set);
  }

  absl::Span<const uint32_t> Holders(const uint64_t* row, const Columns& base) {
    std::vector<uint32_t>& holders = state_.scratch_holders();
    for (size_t w = 0; w < base.words; ++w) {
      for (uint64_t word = row[w]; word != 0; word &= word - 1) {
        holders.push_back(base.origins[w * 64 + static_cast<size_t>(__builtin_ctzll(word))]);
      }
    }
    return holders;
  }

  SearchState<Isa>& state_;
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_BIT_SEARCH_H_
