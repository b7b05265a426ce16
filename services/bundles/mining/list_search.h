#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LIST_SEARCH_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LIST_SEARCH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "services/bundles/mining/bit_search.h"
#include "services/bundles/mining/list_node.h"
#include "services/bundles/mining/list_projection.h"
#include "services/bundles/mining/strategy.h"

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
        tallies_(size + Isa::kLanes),
        words_(size + Isa::kLanes),
        touched_(size + 1) {}

  // Reports what the codes of `node` make of `set`, of those for which `claim(code)` is true, which
  // is asked in ascending order. False if the search has ended.
  template <class Claim>
  bool Mine(const Node& node, Set set, Claim claim) {
    for (uint32_t code = 0; code < node.size; ++code) {
      if (claim(code) && !Visit(node, code, set)) return false;
    }
    return true;
  }

 private:
  bool Visit(const Node& node, uint32_t code, Set set) {
    if (!state_.Proceed()) return false;
    if (state_.ends_at(set.size + 1)) {
      return state_.reporter.Report(set, node.items[code], node.counts[code]);
    }
    const Arena::Mark mark = state_.arena.mark();
    const uint32_t before = state_.reporter.perfect_size;
    const bool few = node.ends[code] - node.begins[code] <= 64 && node.pairs == nullptr;
    const bool go_on = few ? VisitFew(node, code, set) : VisitMany(node, code, set);
    state_.reporter.perfect_size = before;
    state_.arena.Release(mark);
    return go_on;
  }

  // A code of at most 64 baskets: its extensions are gathered as words of bits at once.
  bool VisitFew(const Node& node, uint32_t code, Set set);
  bool VisitMany(const Node& node, uint32_t code, Set set);
  bool Descend(const Node& node, uint32_t code, const Frequent<Count>& frequent, uint32_t heads,
               Set set);

  // Takes from `words_`, of the rows `places` and all 0 otherwise, those of frequent codes other
  // than `code`; those of lower codes first, of which `*heads` is the number.
  Frequent<Count> TakeWords(const Node& node, uint32_t code, const Columns& columns,
                            uint32_t touched, uint64_t** words, uint32_t* heads);
  // Counts codes beside `code`: lower ones first, without perfect ones, of which `*heads` is the
  // number; then, if the search looks behind, the higher ones. False if one of those is in all
  // baskets of `code`: nothing below it is closed.
  bool CountBeside(const Node& node, uint32_t code, Frequent<Count>* frequent, uint32_t* heads);

  SearchState<Isa>& state_;
  BitSearch<Isa, Count> bits_;
  ListProjection<Code, Count> projection_;
  std::vector<Count> tallies_;     // By code; 0 between uses, as `words_`.
  std::vector<uint64_t> words_;    // By code.
  std::vector<uint32_t> touched_;  // Codes with a word.
};

template <class Isa, class Code, class Count>
bool ListSearch<Isa, Code, Count>::VisitFew(const Node& node, uint32_t code, Set set) {
  // Up to so many codes it is cheaper to look through all words than to remember which are touched.
  constexpr uint32_t kFewCodes = 1024;
  const bool behind = state_.looks_behind();
  const bool remembers = (behind ? node.total : code) > kFewCodes;
  const uint32_t* const places = node.places + node.begins[code];
  const uint32_t count = node.ends[code] - node.begins[code];
  uint32_t touched = 0;
  for (uint32_t h = 0; h < count; ++h) {
    projection_.Prefetch(node, places, h, count);
    const uint64_t bit = uint64_t{1} << h;
    const auto see = [&](Code other) { words_[other] |= bit; };
    const auto remember = [&](Code other) {
      touched_[touched] = other;
      touched += words_[other] == 0 ? 1 : 0;
      words_[other] |= bit;
    };
    const Code* const row = node.rows + places[h];
    if (remembers) {
      projection_.VisitBeside(row, code, remember);
    } else {
      projection_.VisitBeside(row, code, see);
    }
  }
  const Columns columns = projection_.MakeColumns(node, places, count);
  uint64_t* words = nullptr;
  uint32_t heads = 0;
  Frequent<Count> frequent = TakeWords(node, code, columns, touched, &words, &heads);

  const Count own = node.counts[code];
  const uint32_t before = state_.reporter.perfect_size;
  Arena& arena = state_.arena;
  Item* const items = arena.Allocate<Item>(size_t{frequent.size} + Isa::kLanes);
  uint32_t kept = 0;
  uint32_t kept_heads = 0;
  for (uint32_t f = 0; f < frequent.size; ++f) {
    const Item item = node.items[frequent.codes[f]];
    if (frequent.counts[f] == own) {
      if (f >= heads) return true;
      state_.reporter.perfect()[state_.reporter.perfect_size++] = item;
      continue;
    }
    items[kept] = item;
    frequent.counts[kept] = frequent.counts[f];
    words[kept++] = words[f];
    kept_heads += f < heads ? 1 : 0;
  }
  Set joined;
  const Step step = state_.Enter(set, node.items[code], static_cast<int64_t>(own), before,
                                 kept_heads, /*covered=*/kept > kept_heads, &joined);
  if (step != Step::kDescend) return step == Step::kSkip;
  return bits_.Mine({items, frequent.counts, words, kept_heads, kept}, columns, joined);
}

template <class Isa, class Code, class Count>
Frequent<Count> ListSearch<Isa, Code, Count>::TakeWords(const Node& node, uint32_t code,
                                                        const Columns& columns, uint32_t touched,
                                                        uint64_t** words, uint32_t* heads) {
  Arena& arena = state_.arena;
  const auto least = static_cast<Count>(state_.least_count());
  if constexpr (!ListRow<Code, Count>::kWeighted) {
    if (touched == 0) {
      const size_t room = (state_.looks_behind() ? node.total : code) + size_t{2} * Isa::kLanes;
      Frequent<Count> frequent = {arena.Allocate<uint32_t>(room), arena.Allocate<Count>(room), 0};
      *words = arena.Allocate<uint64_t>(room);
      *heads = Isa::TakeFrequentWords(words_.data(), code, 0, least, frequent.codes,
                                      frequent.counts, *words);
      frequent.size = *heads;
      if (state_.looks_behind()) {
        frequent.size += Isa::TakeFrequentWords(
            words_.data() + code + 1, node.total - code - 1, code + 1, least,
            frequent.codes + *heads, frequent.counts + *heads, *words + *heads);
      }
      return frequent;
    }
  } else if (touched == 0) {
    // Every code may be touched.
    const uint32_t bound = state_.looks_behind() ? node.total : code;
    for (uint32_t other = 0; other < bound; ++other) {
      touched_[touched] = other;
      touched += words_[other] != 0 ? 1 : 0;
    }
  }
  // The order of codes, not that of baskets, decides how the search goes on.
  uint32_t kept = 0;
  for (uint32_t t = 0; t < touched; ++t) {
    const uint64_t word = words_[touched_[t]];
    if (bits_.CountOf(&word, columns) >= least) {
      touched_[kept++] = touched_[t];
    } else {
      words_[touched_[t]] = 0;
    }
  }
  std::sort(touched_.data(), touched_.data() + kept);
  const size_t room = size_t{kept} + Isa::kLanes;
  Frequent<Count> frequent = {arena.Allocate<uint32_t>(room), arena.Allocate<Count>(room), kept};
  *words = arena.Allocate<uint64_t>(room);
  *heads = 0;
  for (uint32_t f = 0; f < kept; ++f) {
    const uint32_t other = touched_[f];
    frequent.codes[f] = other;
    (*words)[f] = words_[other];
    frequent.counts[f] = bits_.CountOf(&words_[other], columns);
    words_[other] = 0;
    *heads += other < code ? 1 : 0;
  }
  return frequent;
}

template <class Isa, class Code, class Count>
bool ListSearch<Isa, Code, Count>::CountBeside(const Node& node, uint32_t code,
                                               Frequent<Count>* frequent, uint32_t* heads) {
  Arena& arena = state_.arena;
  const Count own = node.counts[code];
  if (node.pairs != nullptr) {
    *frequent = node.pairs->PartnersOf(arena, code);
    state_.TakePerfect(node.items, own, frequent);
    *heads = frequent->size;
    return true;
  }
  const uint32_t* const places = node.places + node.begins[code];
  const uint32_t count = node.ends[code] - node.begins[code];
  for (uint32_t h = 0; h < count; ++h) {
    projection_.Prefetch(node, places, h, count);
    const Code* const row = node.rows + places[h];
    const Count weight = Row::Weight(row);
    projection_.VisitBeside(row, code, [&](Code other) { tallies_[other] += weight; });
  }
  const bool behind = state_.looks_behind();
  const auto least = static_cast<Count>(state_.least_count());
  const size_t room = (behind ? node.total : code) + size_t{2} * Isa::kLanes;
  *frequent = {arena.Allocate<uint32_t>(room), arena.Allocate<Count>(room), 0};
  frequent->size =
      Isa::TakeFrequent(tallies_.data(), code, 0, least, frequent->codes, frequent->counts);
  state_.TakePerfect(node.items, own, frequent);
  *heads = frequent->size;
  if (!behind) return true;
  const uint32_t above = code + 1;
  frequent->size += Isa::TakeFrequent(tallies_.data() + above, node.total - above, above, least,
                                      frequent->codes + *heads, frequent->counts + *heads);
  const Count* const counts = frequent->counts;
  return std::find(counts + *heads, counts + frequent->size, own) == counts + frequent->size;
}

template <class Isa, class Code, class Count>
bool ListSearch<Isa, Code, Count>::VisitMany(const Node& node, uint32_t code, Set set) {
  const uint32_t before = state_.reporter.perfect_size;
  Frequent<Count> frequent;
  uint32_t heads = 0;
  if (!CountBeside(node, code, &frequent, &heads)) return true;
  Set joined;
  const Step step =
      state_.Enter(set, node.items[code], static_cast<int64_t>(node.counts[code]), before, heads,
                   /*covered=*/frequent.size > heads, &joined);
  if (step != Step::kDescend) return step == Step::kSkip;
  if (!state_.looks_behind()) {
    uint32_t linked = heads;
    if (state_.ends_at(joined.size + 1) || heads == 1) {
      linked = 0;
    } else if (node.pairs != nullptr) {
      linked = node.pairs->MoveLinkedToFront(state_.arena, frequent);
    }
    if (!state_.ReportEach(joined, node.items, frequent, linked)) return false;
    if (linked == 0) return true;
    frequent.size = heads = linked;
  }
  return Descend(node, code, frequent, heads, joined);
}

template <class Isa, class Code, class Count>
bool ListSearch<Isa, Code, Count>::Descend(const Node& node, uint32_t code,
                                           const Frequent<Count>& frequent, uint32_t heads,
                                           Set set) {
  const uint32_t* const places = node.places + node.begins[code];
  const uint32_t count = node.ends[code] - node.begins[code];
  double entries = 0;
  for (uint32_t f = 0; f < frequent.size; ++f) entries += static_cast<double>(frequent.counts[f]);
  // As if all baskets of the code weighed the same.
  if (Row::kWeighted) entries *= count / static_cast<double>(node.counts[code]);
  const Projection shape = {.rows = count,
                            .entries = static_cast<uint64_t>(entries),
                            .codes = frequent.size,
                            .pairs = AllPairs(heads, frequent.size)};
  if (BitsAreCheaper(shape)) {
    const Columns columns = projection_.MakeColumns(node, places, count);
    const Extensions<Count> extensions =
        projection_.MakeBits(node, code, frequent, heads, columns, Isa::kLanes);
    return bits_.Mine(extensions, columns, set);
  }
  return Mine(projection_.MakeNode(node, code, frequent, heads), set,
              [](uint32_t) { return true; });
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LIST_SEARCH_H_
