#ifndef CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTION_PAIRS_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTION_PAIRS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/base/arena.h"
#include "services/bundles/mining/layout/horizontal_projection.h"

namespace clustr::mining {

// True if counting all pairs of codes of `projection` in one pass over its baskets is cheaper than
// counting the extensions of each code separately. It is if the table of counts is small and not
// mostly empty.
template <class Code, class Count>
bool CountingPairsIsCheaper(const HorizontalProjection<Code, Count>& projection) {
  constexpr uint32_t kMaxCodes = 512;
  if (projection.candidate_count > kMaxCodes || projection.candidate_count < 3 ||
      projection.basket_count == 0)
    return false;
  return uint64_t{projection.candidate_count} * projection.candidate_count <
         10 * projection.entries;
}

// The frequent pairs of the codes of `projection`, in the arena. Requires a projection without
// excluded extensions.
template <class Isa, class Code, class Count>
FrequentPairs<Count> CountProjectionPairs(Arena& arena,
                                          const HorizontalProjection<Code, Count>& projection,
                                          Count min_count) {
  using Record = BasketRecord<Code, Count>;
  const uint32_t size = projection.candidate_count;
  const size_t max_pairs = size_t{size} * (size - 1) / 2;
  auto* const begins = arena.Allocate<uint32_t>(size_t{size} + 1);
  auto* const codes = arena.Allocate<uint32_t>(max_pairs + 2 * Isa::kLanes);
  auto* const counts = arena.Allocate<Count>(max_pairs + 2 * Isa::kLanes);
  const size_t words = (size + 63) / 64;
  auto* const bits = arena.Allocate<uint64_t>(size * words);
  std::fill(bits, bits + size * words, 0);
  const Arena::Mark mark = arena.mark();
  const size_t stride = (size_t{size} + Isa::kLanes - 1) / Isa::kLanes * Isa::kLanes;
  auto* const table = arena.Allocate<Count>(size * stride);
  for (uint32_t code = 0; code < size; ++code) {
    std::fill(table + code * stride, table + code * stride + code, Count{0});
  }
  uint32_t tid = Record::kFirstTid;
  for (uint32_t r = 0; r < projection.basket_count; ++r) {
    const Code* const record = projection.baskets + tid;
    const Count weight = Record::Weight(record);
    for (const Code* high = Record::begin(record); high != Record::end(record); ++high) {
      Count* const line = table + *high * stride;
      for (const Code* low = Record::begin(record); low != high; ++low) line[*low] += weight;
    }
    tid = Record::NextTid(tid, *record);
  }
  uint32_t total = 0;
  for (uint32_t code = 0; code < size; ++code) {
    begins[code] = total;
    total +=
        Isa::TakeFrequent(table + code * stride, code, 0, min_count, codes + total, counts + total);
    for (uint32_t p = begins[code]; p < total; ++p) {
      bits[code * words + codes[p] / 64] |= uint64_t{1} << codes[p] % 64;
      bits[codes[p] * words + code / 64] |= uint64_t{1} << code % 64;
    }
  }
  begins[size] = total;
  arena.Release(mark);
  return {begins, codes, counts, bits, words};
}

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_LAYOUT_PROJECTION_PAIRS_H_
