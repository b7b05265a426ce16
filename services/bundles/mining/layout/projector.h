#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTOR_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTOR_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/layout/bitmaps.h"
#include "services/bundles/mining/layout/horizontal_projection.h"

namespace clustr::mining {

// Makes the projection of prefix + code, in horizontal or in vertical layout, from a horizontal
// projection of the prefix. Not thread-safe.
template <class Code, class Count>
class Projector {
 public:
  using Projection = HorizontalProjection<Code, Count>;
  using Record = BasketRecord<Code, Count>;

  // For projections with up to `size` extensions. Allocates its results in `arena`. If
  // `keeps_excluded`, the results include the excluded extensions: the codes above the projected
  // one.
  Projector(Arena& arena, uint32_t size, bool keeps_excluded)
      : arena_(arena), keeps_excluded_(keeps_excluded), slots_(size, kDropped), kept_(size + 1) {}

  // Visits the codes in `record` that are below `code`, and also those above it if excluded
  // extensions are kept.
  template <class Visit>
  void VisitOtherCodes(const Code* record, uint32_t code, Visit visit) const {
    const Code own = static_cast<Code>(code);
    const Code* at = Record::begin(record);
    for (; *at != own; ++at) visit(*at);
    if (!keeps_excluded_) return;
    for (++at; at != Record::end(record); ++at) visit(*at);
  }

  // Prefetches a record some time before its turn.
  void Prefetch(const Projection& projection, const uint32_t* tids, uint32_t at,
                uint32_t count) const {
    constexpr uint32_t kAhead = 16;
    if (at + kAhead < count) __builtin_prefetch(projection.baskets + tids[at + kAhead]);
  }

  TidSpace MakeTidSpace(const Projection& projection, const uint32_t* tids, uint32_t count);

  // Makes the tid-bitmap of each of `extensions` in the baskets that contain `code`, `words` words
  // each, with room for `lanes` more words.
  uint64_t* MakeBitmaps(const Projection& projection, uint32_t code,
                        const Extensions<Count>& extensions, size_t words, uint32_t lanes);
  // The items of `extensions`, with room for `lanes` more.
  Item* ItemsOf(const Projection& projection, const Extensions<Count>& extensions, uint32_t lanes) {
    Item* const items = arena_.Allocate<Item>(size_t{extensions.size} + lanes);
    for (uint32_t f = 0; f < extensions.size; ++f) items[f] = projection.items[extensions.codes[f]];
    return items;
  }
  // Makes a horizontal projection of the baskets that contain `code`. The first `candidate_count`
  // of `extensions` are its candidates.
  Projection Project(const Projection& projection, uint32_t code,
                     const Extensions<Count>& extensions, uint32_t candidate_count);

 private:
  static constexpr uint32_t kDropped = UINT32_MAX;

  // Fills `kept_` with the new codes of a record, and returns how many there are.
  uint32_t Keep(const Code* record, uint32_t code) {
    uint32_t size = 0;
    VisitOtherCodes(record, code, [&](Code other) {
      kept_[size] = slots_[other];
      size += kept_[size] != kDropped ? 1 : 0;
    });
    return size;
  }
  void SetSlots(const Extensions<Count>& extensions) {
    for (uint32_t f = 0; f < extensions.size; ++f) slots_[extensions.codes[f]] = f;
  }
  void ClearSlots(const Extensions<Count>& extensions) {
    for (uint32_t f = 0; f < extensions.size; ++f) slots_[extensions.codes[f]] = kDropped;
  }

  Arena& arena_;
  const bool keeps_excluded_;
  // Indexed by code: its code in the new projection. All are kDropped between uses.
  std::vector<uint32_t> slots_;
  std::vector<uint32_t> kept_;  // The new codes of the current record.
  std::vector<uint32_t> held_;  // Indexed by new code.
};

template <class Code, class Count>
TidSpace Projector<Code, Count>::MakeTidSpace(const Projection& projection, const uint32_t* tids,
                                              uint32_t count) {
  TidSpace space = {.words = WordsFor(count)};
  if constexpr (Record::kWeighted) {
    int64_t heaviest = 1;
    for (uint32_t h = 0; h < count; ++h) {
      heaviest = std::max(heaviest, Record::Weight(projection.baskets + tids[h]));
    }
    space.plane_count = PlanesFor(heaviest);
    uint64_t* const planes = arena_.Allocate<uint64_t>(space.plane_count * space.words);
    std::fill(planes, planes + space.plane_count * space.words, 0);
    for (uint32_t h = 0; h < count; ++h) {
      SetWeight(Record::Weight(projection.baskets + tids[h]), h, planes, space.words);
    }
    space.planes = planes;
  }
  return space;
}

template <class Code, class Count>
uint64_t* Projector<Code, Count>::MakeBitmaps(const Projection& projection, uint32_t code,
                                              const Extensions<Count>& extensions, size_t words,
                                              uint32_t lanes) {
  const size_t size = extensions.size * words;
  uint64_t* const bitmaps = arena_.Allocate<uint64_t>(size + lanes);
  std::fill(bitmaps, bitmaps + size, 0);
  SetSlots(extensions);
  const uint32_t* const tids = projection.tids + projection.begins[code];
  const uint32_t count = projection.ends[code] - projection.begins[code];
  for (uint32_t h = 0; h < count; ++h) {
    Prefetch(projection, tids, h, count);
    const uint32_t kept = Keep(projection.baskets + tids[h], code);
    uint64_t* const column = bitmaps + h / 64;
    const uint64_t bit = uint64_t{1} << h % 64;
    for (uint32_t k = 0; k < kept; ++k) column[kept_[k] * words] |= bit;
  }
  ClearSlots(extensions);
  return bitmaps;
}

template <class Code, class Count>
HorizontalProjection<Code, Count> Projector<Code, Count>::Project(
    const Projection& projection, uint32_t code, const Extensions<Count>& extensions,
    uint32_t candidate_count) {
  const uint32_t* const from = projection.tids + projection.begins[code];
  const uint32_t count = projection.ends[code] - projection.begins[code];
  uint32_t* const begins = arena_.Allocate<uint32_t>(size_t{candidate_count} + 1);
  uint32_t* const ends = arena_.Allocate<uint32_t>(size_t{candidate_count} + 1);
  SetSlots(extensions);
  // An upper bound for the number of records that contain each code. Weighted counts do not give
  // one.
  held_.assign(extensions.size, 0);
  if constexpr (Record::kWeighted) {
    for (uint32_t h = 0; h < count; ++h) {
      const uint32_t kept = Keep(projection.baskets + from[h], code);
      for (uint32_t k = 0; k < kept; ++k) ++held_[kept_[k]];
    }
  } else {
    for (uint32_t f = 0; f < extensions.size; ++f) held_[f] = extensions.counts[f];
  }
  size_t entries = 0;
  begins[0] = 0;
  for (uint32_t f = 0; f < extensions.size; ++f) {
    entries += held_[f];
    if (f >= candidate_count) continue;
    begins[f + 1] = begins[f] + held_[f];
    ends[f] = begins[f];
  }
  uint32_t* const tids = arena_.Allocate<uint32_t>(begins[candidate_count]);
  Code* const baskets = arena_.Allocate<Code>(entries + size_t{count} * Record::kHeader);
  // A basket with a single extension cannot contribute to larger sets. It matters only if excluded
  // extensions are checked.
  const uint32_t min_kept = keeps_excluded_ ? 1 : 2;
  Projection child = {.candidate_count = candidate_count,
                      .extension_count = extensions.size,
                      .items = ItemsOf(projection, extensions, 0),
                      .counts = extensions.counts,
                      .begins = begins,
                      .ends = ends,
                      .tids = tids,
                      .baskets = baskets};
  uint32_t tid = Record::kFirstTid;
  for (uint32_t h = 0; h < count; ++h) {
    Prefetch(projection, from, h, count);
    const Code* const record = projection.baskets + from[h];
    const uint32_t kept = Keep(record, code);
    if (kept < min_kept || kept_[0] >= candidate_count) continue;
    Code* const to = baskets + tid;
    *to = static_cast<Code>(kept);
    Record::SetWeight(to, Record::Weight(record));
    for (uint32_t k = 0; k < kept; ++k) {
      to[k + 1] = static_cast<Code>(kept_[k]);
      if (kept_[k] < candidate_count) tids[ends[kept_[k]]++] = tid;
    }
    tid = Record::NextTid(tid, kept);
    ++child.basket_count;
    child.entries += kept;
  }
  ClearSlots(extensions);
  return child;
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTOR_H_
