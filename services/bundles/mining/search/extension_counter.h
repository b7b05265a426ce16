#ifndef CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_EXTENSION_COUNTER_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_EXTENSION_COUNTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/large_memory.h"
#include "services/bundles/mining/layout/extensions.h"
#include "services/bundles/mining/layout/horizontal_projection.h"
#include "services/bundles/mining/layout/projector.h"
#include "services/bundles/mining/search/search_state.h"

namespace clustr::mining {

// Counts the extensions of prefix + code in whichever of four ways is cheapest: takes them from
// frequent pairs if those are known; fills one word of bits for each code if there are at most 64
// baskets; fills a table of tid-bitmaps if there are few codes in many baskets; keeps tallies
// otherwise. Not thread-safe.
template <class Isa, class Code, class Count>
class ExtensionCounter {
 public:
  using Projection = HorizontalProjection<Code, Count>;
  using Record = BasketRecord<Code, Count>;

  // For projections with up to `size` extensions. Borrows `state` and `projector`.
  ExtensionCounter(SearchState<Isa>& state, Projector<Code, Count>& projector, uint32_t size)
      : state_(state),
        projector_(projector),
        tallies_(size + Isa::kLanes),
        words_(size + Isa::kLanes),
        touched_(size + 1),
        table_(kTableWords) {
    std::fill(table_.data(), table_.data() + kTableWords, 0);
  }

  // Bytes that a counter for `size` extensions takes.
  static int64_t MemoryBytes(uint32_t size) {
    return static_cast<int64_t>(kTableWords * sizeof(uint64_t) +
                                size * (sizeof(Count) + sizeof(uint64_t) + sizeof(uint32_t)));
  }

  // Counts the extensions of prefix + `code`, and moves the perfect ones to the reporter. Returns
  // false if an excluded extension is perfect, since no superset of prefix + code is closed then.
  bool CountExtensions(const Projection& projection, uint32_t code,
                       CountedExtensions<Count>* counted) {
    counted->bitmaps = nullptr;
    const uint32_t count = projection.ends[code] - projection.begins[code];
    if (projection.pairs != nullptr) {
      counted->extensions = projection.pairs->ExtensionsOf(state_.arena, code);
      counted->candidate_count = counted->extensions.size;
    } else if (count <= 64) {
      CountInWords(projection, code, counted);
    } else if (TableIsCheaper(projection, code)) {
      CountInTable(projection, code, counted);
    } else {
      CountByTallies(projection, code, counted);
    }
    return TakePerfect(projection, code, counted);
  }

 private:
  static constexpr size_t kTableWords = size_t{1} << 15;

  // Codes from 0 up to this bound are counted.
  uint32_t Bound(const Projection& projection, uint32_t code) const {
    return state_.checks_excluded() ? projection.extension_count : code;
  }
  Extensions<Count> Allocate(size_t room) {
    return {state_.arena.template Allocate<uint32_t>(room),
            state_.arena.template Allocate<Count>(room), 0};
  }
  // Words between two bitmaps of the table. An odd number of cache lines spreads the bitmaps over
  // the cache.
  static size_t TableStride(uint32_t baskets) { return (WordsFor(baskets) / 8 | 1) * 8; }

  // Scanning the table costs a few steps for each code. Tallies make another pass over the baskets
  // necessary, at some steps for each basket.
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
      projector_.VisitOtherCodes(record, code, [&](Code other) { see(record, h, other); });
    }
  }

  // Appends what `take(begin, end, kept)` finds among codes `begin` up to `end`, writing from
  // number `kept` on: first the candidates below `code`, then, if needed, the excluded ones above
  // it.
  template <class Take>
  void TakeCandidatesAndExcluded(const Projection& projection, uint32_t code,
                                 CountedExtensions<Count>* counted, Take take) {
    counted->candidate_count = counted->extensions.size = take(0, code, 0);
    if (!state_.checks_excluded()) return;
    counted->extensions.size +=
        take(code + 1, projection.extension_count, counted->candidate_count);
  }

  void CountByTallies(const Projection& projection, uint32_t code,
                      CountedExtensions<Count>* counted) {
    Visit(projection, code, [&](const Code* record, uint32_t, Code other) {
      tallies_[other] += Record::Weight(record);
    });
    Extensions<Count>& extensions = counted->extensions;
    extensions = Allocate(Bound(projection, code) + size_t{2} * Isa::kLanes);
    const auto min_count = static_cast<Count>(state_.min_count());
    TakeCandidatesAndExcluded(
        projection, code, counted, [&](uint32_t begin, uint32_t end, uint32_t kept) {
          return Isa::TakeFrequent(tallies_.data() + begin, end - begin, begin, min_count,
                                   extensions.codes + kept, extensions.counts + kept);
        });
  }

  void CountInTable(const Projection& projection, uint32_t code,
                    CountedExtensions<Count>* counted) {
    if constexpr (!Record::kWeighted) {
      const uint32_t count = projection.ends[code] - projection.begins[code];
      const size_t words = WordsFor(count);
      const size_t stride = TableStride(count);
      Visit(projection, code, [&](const Code*, uint32_t h, Code other) {
        table_.data()[other * stride + h / 64] |= uint64_t{1} << h % 64;
      });
      Extensions<Count>& extensions = counted->extensions;
      const size_t bound = Bound(projection, code);
      extensions = Allocate(bound + 1);
      counted->bitmaps = state_.arena.template Allocate<uint64_t>((bound + 1) * words);
      const auto min_count = static_cast<Count>(state_.min_count());
      TakeCandidatesAndExcluded(
          projection, code, counted, [&](uint32_t begin, uint32_t end, uint32_t kept) {
            return Isa::TakeFrequentBitmaps(
                table_.data() + begin * stride, stride, words, end - begin, begin, min_count,
                extensions.codes + kept, extensions.counts + kept, counted->bitmaps + kept * words);
          });
    }
  }

  void CountInWords(const Projection& projection, uint32_t code, CountedExtensions<Count>* counted);
  void CountInTouchedWords(const Projection& projection, uint32_t code,
                           CountedExtensions<Count>* counted);
  // Moves perfect extensions to the reporter. Returns false if an excluded one is perfect.
  bool TakePerfect(const Projection& projection, uint32_t code, CountedExtensions<Count>* counted);

  SearchState<Isa>& state_;
  Projector<Code, Count>& projector_;
  std::vector<Count>
      tallies_;  // Indexed by code. All are 0 between uses, as are `words_` and `table_`.
  std::vector<uint64_t> words_;    // Indexed by code.
  std::vector<uint32_t> touched_;  // Codes whose word is not 0.
  LargeArray<uint64_t> table_;     // Bitmaps by code.
};

template <class Isa, class Code, class Count>
void ExtensionCounter<Isa, Code, Count>::CountInWords(const Projection& projection, uint32_t code,
                                                      CountedExtensions<Count>* counted) {
  // Up to this many codes, scanning all words is cheaper than remembering which are touched.
  constexpr uint32_t kFewCodes = 1024;
  const uint32_t bound = Bound(projection, code);
  if constexpr (!Record::kWeighted) {
    if (bound <= kFewCodes) {
      const auto min_count = static_cast<Count>(state_.min_count());
      Extensions<Count>& extensions = counted->extensions;
      Visit(projection, code,
            [&](const Code*, uint32_t h, Code other) { words_[other] |= uint64_t{1} << h; });
      const size_t room = bound + size_t{2} * Isa::kLanes;
      extensions = Allocate(room);
      counted->bitmaps = state_.arena.template Allocate<uint64_t>(room);
      TakeCandidatesAndExcluded(
          projection, code, counted, [&](uint32_t begin, uint32_t end, uint32_t kept) {
            return Isa::TakeFrequentWords(words_.data() + begin, end - begin, begin, min_count,
                                          extensions.codes + kept, extensions.counts + kept,
                                          counted->bitmaps + kept);
          });
      return;
    }
  }
  CountInTouchedWords(projection, code, counted);
}

template <class Isa, class Code, class Count>
void ExtensionCounter<Isa, Code, Count>::CountInTouchedWords(const Projection& projection,
                                                             uint32_t code,
                                                             CountedExtensions<Count>* counted) {
  const auto min_count = static_cast<Count>(state_.min_count());
  Extensions<Count>& extensions = counted->extensions;
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
  // The search must continue in the order of the codes, not in that of the baskets.
  uint32_t kept = 0;
  for (uint32_t t = 0; t < touched; ++t) {
    const uint32_t other = touched_[t];
    if (count_of(other) >= min_count) {
      touched_[kept++] = other;
    } else {
      words_[other] = 0;
      tallies_[other] = 0;
    }
  }
  std::sort(touched_.data(), touched_.data() + kept);
  const size_t room = size_t{kept} + Isa::kLanes;
  extensions = Allocate(room);
  extensions.size = kept;
  counted->bitmaps = state_.arena.template Allocate<uint64_t>(room);
  counted->candidate_count = 0;
  for (uint32_t f = 0; f < kept; ++f) {
    const uint32_t other = touched_[f];
    extensions.codes[f] = other;
    extensions.counts[f] = count_of(other);
    counted->bitmaps[f] = words_[other];
    words_[other] = 0;
    tallies_[other] = 0;
    counted->candidate_count += other < code ? 1 : 0;
  }
}

template <class Isa, class Code, class Count>
bool ExtensionCounter<Isa, Code, Count>::TakePerfect(const Projection& projection, uint32_t code,
                                                     CountedExtensions<Count>* counted) {
  Extensions<Count>& extensions = counted->extensions;
  const Count prefix_count = projection.counts[code];
  Count* const end = extensions.counts + extensions.size;
  auto at =
      static_cast<uint32_t>(std::find(extensions.counts, end, prefix_count) - extensions.counts);
  if (at == extensions.size) return true;
  const size_t words = WordsFor(projection.ends[code] - projection.begins[code]);
  uint32_t kept = at;
  uint32_t candidate_count = at;
  for (; at < extensions.size; ++at) {
    if (extensions.counts[at] == prefix_count) {
      if (at >= counted->candidate_count) return false;
      state_.reporter.perfect()[state_.reporter.perfect_size++] =
          projection.items[extensions.codes[at]];
      continue;
    }
    extensions.codes[kept] = extensions.codes[at];
    extensions.counts[kept] = extensions.counts[at];
    if (counted->bitmaps != nullptr) {
      std::copy(counted->bitmaps + at * words, counted->bitmaps + (at + 1) * words,
                counted->bitmaps + kept * words);
    }
    ++kept;
    candidate_count += at < counted->candidate_count ? 1 : 0;
  }
  extensions.size = kept;
  counted->candidate_count = candidate_count;
  return true;
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_SEARCH_EXTENSION_COUNTER_H_
