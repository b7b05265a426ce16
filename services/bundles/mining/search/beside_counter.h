#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BESIDE_COUNTER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BESIDE_COUNTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/large_memory.h"
#include "services/bundles/mining/layout/list_node.h"
#include "services/bundles/mining/layout/list_projection.h"
#include "services/bundles/mining/search/search_state.h"

namespace clustr::mining {

// The codes that are frequent beside one of a ListNode, in arrays of the arena.
template <class Count>
struct Beside {
  Frequent<Count> frequent = {};
  uint32_t heads = 0;        // The first so many are below the code; the others were left behind.
  uint64_t* rows = nullptr;  // Their baskets as rows of bits, if they were found that way.
};

// Finds what is frequent beside a code, in whichever of four ways is cheapest: from pairs that are
// known; for at most 64 baskets, from a word of bits a code; for few codes of many baskets, from
// rows of bits; otherwise, by tallies. Not thread-safe.
template <class Isa, class Code, class Count>
class BesideCounter {
 public:
  using Node = ListNode<Code, Count>;
  using Row = ListRow<Code, Count>;

  // For nodes of up to `size` codes. Borrows both.
  BesideCounter(SearchState<Isa>& state, ListProjection<Code, Count>& projection, uint32_t size)
      : state_(state),
        projection_(projection),
        tallies_(size + Isa::kLanes),
        words_(size + Isa::kLanes),
        touched_(size + 1),
        table_(kTableWords) {
    std::fill(table_.data(), table_.data() + kTableWords, 0);
  }

  // What one for `size` codes holds.
  static int64_t MemoryBytes(uint32_t size) {
    return static_cast<int64_t>(kTableWords * sizeof(uint64_t) +
                                size * (sizeof(Count) + sizeof(uint64_t) + sizeof(uint32_t)));
  }

  // Moves perfect extensions to the reporter. False if one that was left behind is in all baskets
  // of `code`, so that nothing below it is closed.
  bool FindBeside(const Node& node, uint32_t code, Beside<Count>* beside) {
    beside->rows = nullptr;
    const uint32_t count = node.ends[code] - node.begins[code];
    if (node.pairs != nullptr) {
      beside->frequent = node.pairs->PartnersOf(state_.arena, code);
      beside->heads = beside->frequent.size;
    } else if (count <= 64) {
      FindInWords(node, code, beside);
    } else if (TableIsCheaper(node, code)) {
      FindInTable(node, code, beside);
    } else {
      FindByTallies(node, code, beside);
    }
    return TakePerfect(node, code, beside);
  }

 private:
  static constexpr size_t kTableWords = size_t{1} << 15;

  // Codes that are looked at begin at 0 and end here.
  uint32_t Bound(const Node& node, uint32_t code) const {
    return state_.looks_behind() ? node.total : code;
  }
  Frequent<Count> Allocate(size_t room) {
    return {state_.arena.template Allocate<uint32_t>(room),
            state_.arena.template Allocate<Count>(room), 0};
  }
  // Lines of 64 bytes between two rows of a table. An odd number spreads them over a cache.
  static size_t TableStride(uint32_t rows) { return (WordsFor(rows) / 8 | 1) * 8; }

  // Looking through the table costs a few steps a code; going through the baskets once more, as
  // tallies make necessary, some for each.
  bool TableIsCheaper(const Node& node, uint32_t code) const {
    const uint32_t count = node.ends[code] - node.begins[code];
    const size_t bound = Bound(node, code);
    return !Row::kWeighted && bound * TableStride(count) <= kTableWords &&
           bound * (WordsFor(count) / 8 + 8) < size_t{24} * count;
  }

  template <class See>
  void Visit(const Node& node, uint32_t code, See see) {
    const uint32_t* const places = node.places + node.begins[code];
    const uint32_t count = node.ends[code] - node.begins[code];
    for (uint32_t h = 0; h < count; ++h) {
      projection_.Prefetch(node, places, h, count);
      const Code* const row = node.rows + places[h];
      projection_.VisitBeside(row, code, [&](Code other) { see(row, h, other); });
    }
  }

  // Takes what `take(begin, end, kept)` finds from code `begin` up to `end`, and writes from number
  // `kept` on, below and above `code`.
  template <class Take>
  void TakeBothSides(const Node& node, uint32_t code, Beside<Count>* beside, Take take) {
    beside->heads = beside->frequent.size = take(0, code, 0);
    if (!state_.looks_behind()) return;
    beside->frequent.size += take(code + 1, node.total, beside->heads);
  }

  void FindByTallies(const Node& node, uint32_t code, Beside<Count>* beside) {
    Visit(node, code,
          [&](const Code* row, uint32_t, Code other) { tallies_[other] += Row::Weight(row); });
    Frequent<Count>& found = beside->frequent;
    found = Allocate(Bound(node, code) + size_t{2} * Isa::kLanes);
    const auto least = static_cast<Count>(state_.min_count());
    TakeBothSides(node, code, beside, [&](uint32_t begin, uint32_t end, uint32_t kept) {
      return Isa::TakeFrequent(tallies_.data() + begin, end - begin, begin, least,
                               found.codes + kept, found.counts + kept);
    });
  }

  void FindInTable(const Node& node, uint32_t code, Beside<Count>* beside) {
    if constexpr (!Row::kWeighted) {
      const uint32_t count = node.ends[code] - node.begins[code];
      const size_t words = WordsFor(count);
      const size_t stride = TableStride(count);
      Visit(node, code, [&](const Code*, uint32_t h, Code other) {
        table_.data()[other * stride + h / 64] |= uint64_t{1} << h % 64;
      });
      Frequent<Count>& found = beside->frequent;
      const size_t bound = Bound(node, code);
      found = Allocate(bound + 1);
      beside->rows = state_.arena.template Allocate<uint64_t>((bound + 1) * words);
      const auto least = static_cast<Count>(state_.min_count());
      TakeBothSides(node, code, beside, [&](uint32_t begin, uint32_t end, uint32_t kept) {
        return Isa::TakeFrequentRows(table_.data() + begin * stride, stride, words, end - begin,
                                     begin, least, found.codes + kept, found.counts + kept,
                                     beside->rows + kept * words);
      });
    }
  }

  void FindInWords(const Node& node, uint32_t code, Beside<Count>* beside);
  bool TakePerfect(const Node& node, uint32_t code, Beside<Count>* beside);

  SearchState<Isa>& state_;
  ListProjection<Code, Count>& projection_;
  std::vector<Count> tallies_;     // By code; 0 between uses, as `words_` and `table_`.
  std::vector<uint64_t> words_;    // By code.
  std::vector<uint32_t> touched_;  // Codes with a word.
  LargeArray<uint64_t> table_;     // Rows by code.
};

template <class Isa, class Code, class Count>
void BesideCounter<Isa, Code, Count>::FindInWords(const Node& node, uint32_t code,
                                                  Beside<Count>* beside) {
  // Up to so many codes it is cheaper to look through all words than to remember which are touched.
  constexpr uint32_t kFewCodes = 1024;
  const uint32_t bound = Bound(node, code);
  const auto least = static_cast<Count>(state_.min_count());
  Arena& arena = state_.arena;
  Frequent<Count>& found = beside->frequent;
  if constexpr (!Row::kWeighted) {
    if (bound <= kFewCodes) {
      Visit(node, code,
            [&](const Code*, uint32_t h, Code other) { words_[other] |= uint64_t{1} << h; });
      const size_t room = bound + size_t{2} * Isa::kLanes;
      found = Allocate(room);
      beside->rows = arena.Allocate<uint64_t>(room);
      TakeBothSides(node, code, beside, [&](uint32_t begin, uint32_t end, uint32_t kept) {
        return Isa::TakeFrequentWords(words_.data() + begin, end - begin, begin, least,
                                      found.codes + kept, found.counts + kept, beside->rows + kept);
      });
      return;
    }
  }
  uint32_t touched = 0;
  Visit(node, code, [&](const Code* row, uint32_t h, Code other) {
    touched_[touched] = other;
    touched += words_[other] == 0 ? 1 : 0;
    words_[other] |= uint64_t{1} << h;
    if (Row::kWeighted) tallies_[other] += Row::Weight(row);
  });
  const auto count_of = [&](uint32_t other) {
    if (Row::kWeighted) return tallies_[other];
    return static_cast<Count>(__builtin_popcountll(words_[other]));
  };
  // The order of codes, not that of baskets, decides how the search goes on.
  uint32_t kept = 0;
  for (uint32_t t = 0; t < touched; ++t) {
    const uint32_t other = touched_[t];
    if (count_of(other) >= least) {
      touched_[kept++] = other;
    } else {
      words_[other] = 0;
      tallies_[other] = 0;
    }
  }
  std::sort(touched_.data(), touched_.data() + kept);
  const size_t room = size_t{kept} + Isa::kLanes;
  found = Allocate(room);
  found.size = kept;
  beside->rows = arena.Allocate<uint64_t>(room);
  beside->heads = 0;
  for (uint32_t f = 0; f < kept; ++f) {
    const uint32_t other = touched_[f];
    found.codes[f] = other;
    found.counts[f] = count_of(other);
    beside->rows[f] = words_[other];
    words_[other] = 0;
    tallies_[other] = 0;
    beside->heads += other < code ? 1 : 0;
  }
}

template <class Isa, class Code, class Count>
bool BesideCounter<Isa, Code, Count>::TakePerfect(const Node& node, uint32_t code,
                                                  Beside<Count>* beside) {
  Frequent<Count>& found = beside->frequent;
  const Count own = node.counts[code];
  Count* const end = found.counts + found.size;
  auto at = static_cast<uint32_t>(std::find(found.counts, end, own) - found.counts);
  if (at == found.size) return true;
  const size_t words = WordsFor(node.ends[code] - node.begins[code]);
  uint32_t kept = at;
  uint32_t heads = at;
  for (; at < found.size; ++at) {
    if (found.counts[at] == own) {
      if (at >= beside->heads) return false;
      state_.reporter.perfect()[state_.reporter.perfect_size++] = node.items[found.codes[at]];
      continue;
    }
    found.codes[kept] = found.codes[at];
    found.counts[kept] = found.counts[at];
    if (beside->rows != nullptr) {
      std::copy(beside->rows + at * words, beside->rows + (at + 1) * words,
                beside->rows + kept * words);
    }
    ++kept;
    heads += at < beside->heads ? 1 : 0;
  }
  found.size = kept;
  beside->heads = heads;
  return true;
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BESIDE_COUNTER_H_
