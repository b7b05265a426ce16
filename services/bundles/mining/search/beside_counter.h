#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BESIDE_COUNTER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_BESIDE_COUNTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/large_memory.h"
#include "services/bundles/mining/layout/horizontal_projection.h"
#include "services/bundles/mining/layout/projector.h"
#include "services/bundles/mining/search/search_state.h"

namespace clustr::mining {

// The codes that are frequent beside one of a HorizontalProjection, in arrays of the arena.
template <class Count>
struct Beside {
  Frequent<Count> frequent = {};
  uint32_t heads = 0;  // The first so many are below the code; the others were left behind.
  uint64_t* bitmaps = nullptr;  // Their baskets as baskets of bits, if they were found that way.
};

// Finds what is frequent beside a code, in whichever of four ways is cheapest: from pairs that are
// known; for at most 64 baskets, from a word of bits a code; for few codes of many baskets, from
// baskets of bits; otherwise, by tallies. Not thread-safe.
template <class Isa, class Code, class Count>
class BesideCounter {
 public:
  using Projection = HorizontalProjection<Code, Count>;
  using Record = BasketRecord<Code, Count>;

  // For nodes of up to `size` codes. Borrows both.
  BesideCounter(SearchState<Isa>& state, Projector<Code, Count>& projection, uint32_t size)
      : state_(state),
        projector_(projection),
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
  bool FindBeside(const Projection& projection, uint32_t code, Beside<Count>* beside) {
    beside->bitmaps = nullptr;
    const uint32_t count = projection.ends[code] - projection.begins[code];
    if (projection.pairs != nullptr) {
      beside->frequent = projection.pairs->PartnersOf(state_.arena, code);
      beside->heads = beside->frequent.size;
    } else if (count <= 64) {
      FindInWords(projection, code, beside);
    } else if (TableIsCheaper(projection, code)) {
      FindInTable(projection, code, beside);
    } else {
      FindByTallies(projection, code, beside);
    }
    return TakePerfect(projection, code, beside);
  }

 private:
  static constexpr size_t kTableWords = size_t{1} << 15;

  // Codes that are looked at begin at 0 and end here.
  uint32_t Bound(const Projection& projection, uint32_t code) const {
    return state_.looks_behind() ? projection.total : code;
  }
  Frequent<Count> Allocate(size_t room) {
    return {state_.arena.template Allocate<uint32_t>(room),
            state_.arena.template Allocate<Count>(room), 0};
  }
  // Lines of 64 bytes between two baskets of a table. An odd number spreads them over a cache.
  static size_t TableStride(uint32_t baskets) { return (WordsFor(baskets) / 8 | 1) * 8; }

  // Looking through the table costs a few steps a code; going through the baskets once more, as
  // tallies make necessary, some for each.
  bool TableIsCheaper(const Projection& projection, uint32_t code) const {
    const uint32_t count = projection.ends[code] - projection.begins[code];
    const size_t bound = Bound(projection, code);
    return !Record::kWeighted && bound * TableStride(count) <= kTableWords &&
           bound * (WordsFor(count) / 8 + 8) < size_t{24} * count;
  }

  template <class See>
  void Visit(const Projection& projection, uint32_t code, See see) {
    const uint32_t* const tids = projection.tids + projection.begins[code];
    const uint32_t count = projection.ends[code] - projection.begins[code];
    for (uint32_t h = 0; h < count; ++h) {
      projector_.Prefetch(projection, tids, h, count);
      const Code* const record = projection.baskets + tids[h];
      projector_.VisitBeside(record, code, [&](Code other) { see(record, h, other); });
    }
  }

  // Takes what `take(begin, end, kept)` finds from code `begin` up to `end`, and writes from number
  // `kept` on, below and above `code`.
  template <class Take>
  void TakeBothSides(const Projection& projection, uint32_t code, Beside<Count>* beside,
                     Take take) {
    beside->heads = beside->frequent.size = take(0, code, 0);
    if (!state_.looks_behind()) return;
    beside->frequent.size += take(code + 1, projection.total, beside->heads);
  }

  void FindByTallies(const Projection& projection, uint32_t code, Beside<Count>* beside) {
    Visit(projection, code, [&](const Code* record, uint32_t, Code other) {
      tallies_[other] += Record::Weight(record);
    });
    Frequent<Count>& found = beside->frequent;
    found = Allocate(Bound(projection, code) + size_t{2} * Isa::kLanes);
    const auto least = static_cast<Count>(state_.min_count());
    TakeBothSides(projection, code, beside, [&](uint32_t begin, uint32_t end, uint32_t kept) {
      return Isa::TakeFrequent(tallies_.data() + begin, end - begin, begin, least,
                               found.codes + kept, found.counts + kept);
    });
  }

  void FindInTable(const Projection& projection, uint32_t code, Beside<Count>* beside) {
    if constexpr (!Record::kWeighted) {
      const uint32_t count = projection.ends[code] - projection.begins[code];
      const size_t words = WordsFor(count);
      const size_t stride = TableStride(count);
      Visit(projection, code, [&](const Code*, uint32_t h, Code other) {
        table_.data()[other * stride + h / 64] |= uint64_t{1} << h % 64;
      });
      Frequent<Count>& found = beside->frequent;
      const size_t bound = Bound(projection, code);
      found = Allocate(bound + 1);
      beside->bitmaps = state_.arena.template Allocate<uint64_t>((bound + 1) * words);
      const auto least = static_cast<Count>(state_.min_count());
      TakeBothSides(projection, code, beside, [&](uint32_t begin, uint32_t end, uint32_t kept) {
        return Isa::TakeFrequentBitmaps(table_.data() + begin * stride, stride, words, end - begin,
                                        begin, least, found.codes + kept, found.counts + kept,
                                        beside->bitmaps + kept * words);
      });
    }
  }

  void FindInWords(const Projection& projection, uint32_t code, Beside<Count>* beside);
  bool TakePerfect(const Projection& projection, uint32_t code, Beside<Count>* beside);

  SearchState<Isa>& state_;
  Projector<Code, Count>& projector_;
  std::vector<Count> tallies_;     // By code; 0 between uses, as `words_` and `table_`.
  std::vector<uint64_t> words_;    // By code.
  std::vector<uint32_t> touched_;  // Codes with a word.
  LargeArray<uint64_t> table_;     // Rows by code.
};

template <class Isa, class Code, class Count>
void BesideCounter<Isa, Code, Count>::FindInWords(const Projection& projection, uint32_t code,
                                                  Beside<Count>* beside) {
  // Up to so many codes it is cheaper to look through all words than to remember which are touched.
  constexpr uint32_t kFewCodes = 1024;
  const uint32_t bound = Bound(projection, code);
  const auto least = static_cast<Count>(state_.min_count());
  Arena& arena = state_.arena;
  Frequent<Count>& found = beside->frequent;
  if constexpr (!Record::kWeighted) {
    if (bound <= kFewCodes) {
      Visit(projection, code,
            [&](const Code*, uint32_t h, Code other) { words_[other] |= uint64_t{1} << h; });
      const size_t room = bound + size_t{2} * Isa::kLanes;
      found = Allocate(room);
      beside->bitmaps = arena.Allocate<uint64_t>(room);
      TakeBothSides(projection, code, beside, [&](uint32_t begin, uint32_t end, uint32_t kept) {
        return Isa::TakeFrequentWords(words_.data() + begin, end - begin, begin, least,
                                      found.codes + kept, found.counts + kept,
                                      beside->bitmaps + kept);
      });
      return;
    }
  }
  uint32_t touched = 0;
  Visit(projection, code, [&](const Code* record, uint32_t h, Code other) {
    touched_[touched] = other;
    touched += words_[other] == 0 ? 1 : 0;
    words_[other] |= uint64_t{1} << h;
    if (Record::kWeighted) tallies_[other] += Record::Weight(record);
  });
  const auto count_of = [&](uint32_t other) {
    if (Record::kWeighted) return tallies_[other];
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
  beside->bitmaps = arena.Allocate<uint64_t>(room);
  beside->heads = 0;
  for (uint32_t f = 0; f < kept; ++f) {
    const uint32_t other = touched_[f];
    found.codes[f] = other;
    found.counts[f] = count_of(other);
    beside->bitmaps[f] = words_[other];
    words_[other] = 0;
    tallies_[other] = 0;
    beside->heads += other < code ? 1 : 0;
  }
}

template <class Isa, class Code, class Count>
bool BesideCounter<Isa, Code, Count>::TakePerfect(const Projection& projection, uint32_t code,
                                                  Beside<Count>* beside) {
  Frequent<Count>& found = beside->frequent;
  const Count own = projection.counts[code];
  Count* const end = found.counts + found.size;
  auto at = static_cast<uint32_t>(std::find(found.counts, end, own) - found.counts);
  if (at == found.size) return true;
  const size_t words = WordsFor(projection.ends[code] - projection.begins[code]);
  uint32_t kept = at;
  uint32_t heads = at;
  for (; at < found.size; ++at) {
    if (found.counts[at] == own) {
      if (at >= beside->heads) return false;
      state_.reporter.perfect()[state_.reporter.perfect_size++] = projection.items[found.codes[at]];
      continue;
    }
    found.codes[kept] = found.codes[at];
    found.counts[kept] = found.counts[at];
    if (beside->bitmaps != nullptr) {
      std::copy(beside->bitmaps + at * words, beside->bitmaps + (at + 1) * words,
                beside->bitmaps + kept * words);
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
