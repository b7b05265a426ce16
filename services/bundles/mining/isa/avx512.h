#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ISA_AVX512_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ISA_AVX512_H_

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/isa/portable.h"

namespace clustr::mining {

// PortableIsa in AVX-512 F, BW, DQ, VL, VPOPCNTDQ and BMI2. Its arrays come from an Arena, so it
// may read and write up to a whole vector beyond the last element.
struct Avx512Isa {
  static constexpr int kLanes = 16;

  static void Insert(const Item* set, int size, Item item, Item* out) {
    const __m512i items = _mm512_loadu_si512(set);
    const __m512i added = _mm512_set1_epi32(static_cast<int>(item));
    const auto held = static_cast<__mmask16>((1u << size) - 1);
    const __mmask16 below = _mm512_mask_cmplt_epu32_mask(held, items, added);
    // The lowest lane above `below` is kept free for the added item.
    const auto kept = static_cast<__mmask16>(~(below + 1u));
    _mm512_storeu_si512(out, _mm512_mask_expand_epi32(added, kept, items));
  }

  template <class Count>
  static uint32_t TakeFrequent(Count* tallies, uint32_t count, uint32_t first, Count min_count,
                               uint32_t* codes, Count* kept) {
    return PortableIsa::TakeFrequent(tallies, count, first, min_count, codes, kept);
  }

  static uint32_t TakeFrequent(uint32_t* tallies, uint32_t count, uint32_t first,
                               uint32_t min_count, uint32_t* codes, uint32_t* kept) {
    const __m512i threshold = _mm512_set1_epi32(static_cast<int>(min_count));
    __m512i code =
        _mm512_add_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                         _mm512_set1_epi32(static_cast<int>(first)));
    uint32_t size = 0;
    for (uint32_t at = 0; at < count; at += 16) {
      const auto valid =
          static_cast<__mmask16>(count - at >= 16 ? 0xFFFF : (1u << (count - at)) - 1);
      const __m512i tally = _mm512_loadu_si512(tallies + at);
      _mm512_mask_storeu_epi32(tallies + at, valid, _mm512_setzero_si512());
      const __mmask16 frequent = _mm512_mask_cmpge_epu32_mask(valid, tally, threshold);
      if (frequent != 0) {
        _mm512_storeu_si512(codes + size, _mm512_maskz_compress_epi32(frequent, code));
        _mm512_storeu_si512(kept + size, _mm512_maskz_compress_epi32(frequent, tally));
        size += static_cast<uint32_t>(__builtin_popcount(frequent));
      }
      code = _mm512_add_epi32(code, _mm512_set1_epi32(16));
    }
    return size;
  }

  static uint32_t TakeFrequentWords(uint64_t* words, uint32_t count, uint32_t first,
                                    uint32_t min_count, uint32_t* codes, uint32_t* kept,
                                    uint64_t* kept_words) {
    const __m512i threshold = _mm512_set1_epi64(min_count);
    __m256i code = _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7),
                                    _mm256_set1_epi32(static_cast<int>(first)));
    uint32_t size = 0;
    for (uint32_t at = 0; at < count; at += 8) {
      const __mmask8 valid = LanesBelow(count - at);
      const __m512i word = _mm512_loadu_si512(words + at);
      _mm512_mask_storeu_epi64(words + at, valid, _mm512_setzero_si512());
      const __m512i bits = _mm512_popcnt_epi64(word);
      const __mmask8 frequent = _mm512_mask_cmpge_epu64_mask(valid, bits, threshold);
      if (frequent != 0) {
        Store(codes + size, _mm256_maskz_compress_epi32(frequent, code));
        Store(kept + size, _mm256_maskz_compress_epi32(frequent, _mm512_cvtepi64_epi32(bits)));
        _mm512_storeu_si512(kept_words + size, _mm512_maskz_compress_epi64(frequent, word));
        size += static_cast<uint32_t>(__builtin_popcount(frequent));
      }
      code = _mm256_add_epi32(code, _mm256_set1_epi32(8));
    }
    return size;
  }

  static uint32_t TakeFrequentBitmaps(uint64_t* bitmaps, size_t stride, size_t words,
                                      uint32_t count, uint32_t first, uint32_t min_count,
                                      uint32_t* codes, uint32_t* kept, uint64_t* kept_bitmaps) {
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; ++i) {
      uint64_t* const bitmap = bitmaps + i * stride;
      uint64_t* const to = kept_bitmaps + size * words;
      __m512i sum = _mm512_setzero_si512();
      for (size_t w = 0; w < words; w += 8) {
        const __m512i word = _mm512_load_si512(bitmap + w);
        _mm512_store_si512(bitmap + w, _mm512_setzero_si512());
        _mm512_store_si512(to + w, word);
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(word));
      }
      const auto bits = static_cast<uint32_t>(_mm512_reduce_add_epi64(sum));
      codes[size] = first + i;
      kept[size] = bits;
      size += bits >= min_count ? 1 : 0;
    }
    return size;
  }

  static uint32_t Intersect(const VerticalProjection<uint32_t>& from, uint32_t begin, uint32_t end,
                            size_t words, const uint64_t* bitmap, uint32_t prefix_count,
                            uint32_t min_count, VerticalProjection<uint32_t>* out, uint32_t at,
                            Item* perfect, uint32_t* perfect_size) {
    return words == 1 ? IntersectWord(from, begin, end, *bitmap, prefix_count, min_count, out, at,
                                      perfect, perfect_size)
                      : IntersectWide(from, begin, end, words, bitmap, prefix_count, min_count, out,
                                      at, perfect, perfect_size);
  }

  static bool AnyContains(const uint64_t* bitmaps, uint32_t begin, uint32_t end, size_t words,
                          const uint64_t* bitmap) {
    if (words == 1) {
      const __m512i wanted = _mm512_set1_epi64(static_cast<int64_t>(*bitmap));
      for (uint32_t j = begin; j < end; j += 8) {
        const __m512i missing = _mm512_andnot_si512(_mm512_loadu_si512(bitmaps + j), wanted);
        if (_mm512_mask_testn_epi64_mask(LanesBelow(end - j), missing, missing) != 0) return true;
      }
      return false;
    }
    for (uint32_t j = begin; j < end; ++j) {
      const uint64_t* const other = bitmaps + j * words;
      size_t w = 0;
      for (; w < words; w += 8) {
        const __m512i missing =
            _mm512_andnot_si512(_mm512_load_si512(other + w), _mm512_load_si512(bitmap + w));
        if (_mm512_test_epi64_mask(missing, missing) != 0) break;
      }
      if (w >= words) return true;
    }
    return false;
  }

  static bool AnyFrequent(const uint64_t* bitmaps, uint32_t begin, uint32_t end, size_t words,
                          const uint64_t* bitmap, uint32_t min_count) {
    if (words == 1) {
      const __m512i wanted = _mm512_set1_epi64(static_cast<int64_t>(*bitmap));
      const __m512i threshold = _mm512_set1_epi64(min_count);
      for (uint32_t j = begin; j < end; j += 8) {
        const __m512i counts =
            _mm512_popcnt_epi64(_mm512_and_si512(_mm512_loadu_si512(bitmaps + j), wanted));
        if (_mm512_mask_cmpge_epu64_mask(LanesBelow(end - j), counts, threshold) != 0) return true;
      }
      return false;
    }
    for (uint32_t j = begin; j < end; ++j) {
      const uint64_t* const other = bitmaps + j * words;
      __m512i sum = _mm512_setzero_si512();
      for (size_t w = 0; w < words; w += 8) {
        sum = _mm512_add_epi64(
            sum, _mm512_popcnt_epi64(_mm512_and_si512(_mm512_load_si512(other + w),
                                                      _mm512_load_si512(bitmap + w))));
      }
      if (static_cast<uint32_t>(_mm512_reduce_add_epi64(sum)) >= min_count) return true;
    }
    return false;
  }

  static uint64_t Compress(uint64_t word, uint64_t mask) { return _pext_u64(word, mask); }

 private:
  // Mask of the first `count` of eight lanes.
  static __mmask8 LanesBelow(uint32_t count) {
    return static_cast<__mmask8>(count >= 8 ? 0xFF : (1u << count) - 1);
  }
  static void Store(uint32_t* to, __m256i values) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), values);
  }

  // For bitmaps of one word. Handles eight extensions at a time.
  static uint32_t IntersectWord(const VerticalProjection<uint32_t>& from, uint32_t begin,
                                uint32_t end, uint64_t bitmap, uint32_t prefix_count,
                                uint32_t min_count, VerticalProjection<uint32_t>* out, uint32_t at,
                                Item* perfect, uint32_t* perfect_size) {
    const __m512i wanted = _mm512_set1_epi64(static_cast<int64_t>(bitmap));
    const __m512i threshold = _mm512_set1_epi64(min_count);
    const __m512i all = _mm512_set1_epi64(prefix_count);
    for (uint32_t j = begin; j < end; j += 8) {
      const __m512i common = _mm512_and_si512(_mm512_loadu_si512(from.bitmaps + j), wanted);
      const __m512i counts = _mm512_popcnt_epi64(common);
      const __mmask8 frequent =
          _mm512_mask_cmpge_epu64_mask(LanesBelow(end - j), counts, threshold);
      if (frequent == 0) continue;
      const __mmask8 equal = _mm512_mask_cmpeq_epu64_mask(frequent, counts, all);
      const auto proper = static_cast<__mmask8>(frequent & ~equal);
      const __m256i items = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from.items + j));
      if (equal != 0) {
        Store(perfect + *perfect_size, _mm256_maskz_compress_epi32(equal, items));
        *perfect_size += static_cast<uint32_t>(__builtin_popcount(equal));
      }
      _mm512_storeu_si512(out->bitmaps + at, _mm512_maskz_compress_epi64(proper, common));
      Store(out->items + at, _mm256_maskz_compress_epi32(proper, items));
      Store(out->counts + at, _mm256_maskz_compress_epi32(proper, _mm512_cvtepi64_epi32(counts)));
      at += static_cast<uint32_t>(__builtin_popcount(proper));
    }
    return at;
  }

  // For bitmaps of a multiple of eight words.
  static uint32_t IntersectWide(const VerticalProjection<uint32_t>& from, uint32_t begin,
                                uint32_t end, size_t words, const uint64_t* bitmap,
                                uint32_t prefix_count, uint32_t min_count,
                                VerticalProjection<uint32_t>* out, uint32_t at, Item* perfect,
                                uint32_t* perfect_size) {
    for (uint32_t j = begin; j < end; ++j) {
      const uint64_t* const other = from.bitmaps + j * words;
      uint64_t* const to = out->bitmaps + at * words;
      __m512i sum = _mm512_setzero_si512();
      for (size_t w = 0; w < words; w += 8) {
        const __m512i common =
            _mm512_and_si512(_mm512_load_si512(other + w), _mm512_load_si512(bitmap + w));
        _mm512_store_si512(to + w, common);
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(common));
      }
      const auto common = static_cast<uint32_t>(_mm512_reduce_add_epi64(sum));
      out->items[at] = from.items[j];
      out->counts[at] = common;
      perfect[*perfect_size] = from.items[j];
      *perfect_size += common == prefix_count ? 1 : 0;
      at += common >= min_count && common != prefix_count ? 1 : 0;
    }
    return at;
  }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ISA_AVX512_H_
