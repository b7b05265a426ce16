#ifndef CLUSTR_SERVICES_BUNDLES_MINING_ISA_AVX512_H_
#define CLUSTR_SERVICES_BUNDLES_MINING_ISA_AVX512_H_

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "services/bundles/mining/isa_portable.h"

namespace clustr::mining {

// PortableIsa by AVX-512 F, BW, DQ, VL and VPOPCNTDQ, and BMI2. Arrays are those of an Arena:
// reading and writing beyond the last element up to a whole vector is allowed.
struct Avx512Isa {
  static constexpr int kLanes = 16;

  static void Insert(const Item* set, int size, Item item, Item* out) {
    const __m512i items = _mm512_loadu_si512(set);
    const __m512i added = _mm512_set1_epi32(static_cast<int>(item));
    const auto held = static_cast<__mmask16>((1u << size) - 1);
    const __mmask16 below = _mm512_mask_cmplt_epu32_mask(held, items, added);
    // The lowest lane above `below` is left to the added item.
    const auto kept = static_cast<__mmask16>(~(below + 1u));
    _mm512_storeu_si512(out, _mm512_mask_expand_epi32(added, kept, items));
  }

  template <class Count>
  static uint32_t TakeFrequent(Count* tallies, uint32_t count, Count least, uint32_t* codes,
                               Count* kept) {
    return PortableIsa::TakeFrequent(tallies, count, least, codes, kept);
  }

  static uint32_t TakeFrequent(uint32_t* tallies, uint32_t count, uint32_t least, uint32_t* codes,
                               uint32_t* kept) {
    const __m512i threshold = _mm512_set1_epi32(static_cast<int>(least));
    __m512i code = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    uint32_t size = 0;
    for (uint32_t at = 0; at < count; at += 16) {
      const __m512i tally = _mm512_loadu_si512(tallies + at);
      _mm512_storeu_si512(tallies + at, _mm512_setzero_si512());
      const __mmask16 frequent = _mm512_cmpge_epu32_mask(tally, threshold);
      if (frequent != 0) {
        _mm512_storeu_si512(codes + size, _mm512_maskz_compress_epi32(frequent, code));
        _mm512_storeu_si512(kept + size, _mm512_maskz_compress_epi32(frequent, tally));
        size += static_cast<uint32_t>(__builtin_popcount(frequent));
      }
      code = _mm512_add_epi32(code, _mm512_set1_epi32(16));
    }
    return size;
  }

  static void Intersect(const Extensions<uint32_t>& from, uint32_t size, size_t words,
                        const uint64_t* row, uint32_t own, uint32_t least,
                        Extensions<uint32_t>* out, Item* perfect, uint32_t* perfect_size) {
    if (words == 1) {
      IntersectWord(from, size, *row, own, least, out, perfect, perfect_size);
    } else {
      IntersectWide(from, size, words, row, own, least, out, perfect, perfect_size);
    }
  }

  static uint64_t Compress(uint64_t word, uint64_t mask) { return _pext_u64(word, mask); }

 private:
  // Rows of one word: eight extensions at a time.
  static void IntersectWord(const Extensions<uint32_t>& from, uint32_t size, uint64_t row,
                            uint32_t own, uint32_t least, Extensions<uint32_t>* out, Item* perfect,
                            uint32_t* perfect_size) {
    const __m512i wanted = _mm512_set1_epi64(static_cast<int64_t>(row));
    const __m512i threshold = _mm512_set1_epi64(least);
    const __m512i all = _mm512_set1_epi64(own);
    uint32_t kept = 0;
    for (uint32_t j = 0; j < size; j += 8) {
      const auto valid = static_cast<__mmask8>(size - j >= 8 ? 0xFF : (1u << (size - j)) - 1);
      const __m512i common = _mm512_and_si512(_mm512_loadu_si512(from.rows + j), wanted);
      const __m512i counts = _mm512_popcnt_epi64(common);
      const __mmask8 frequent = _mm512_mask_cmpge_epu64_mask(valid, counts, threshold);
      if (frequent == 0) continue;
      const __mmask8 equal = _mm512_mask_cmpeq_epu64_mask(frequent, counts, all);
      const auto proper = static_cast<__mmask8>(frequent & ~equal);
      const __m256i items = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from.items + j));
      if (equal != 0) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(perfect + *perfect_size),
                            _mm256_maskz_compress_epi32(equal, items));
        *perfect_size += static_cast<uint32_t>(__builtin_popcount(equal));
      }
      _mm512_storeu_si512(out->rows + kept, _mm512_maskz_compress_epi64(proper, common));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out->items + kept),
                          _mm256_maskz_compress_epi32(proper, items));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out->counts + kept),
                          _mm256_maskz_compress_epi32(proper, _mm512_cvtepi64_epi32(counts)));
      kept += static_cast<uint32_t>(__builtin_popcount(proper));
    }
    out->size = kept;
  }

  // Rows of a multiple of eight words.
  static void IntersectWide(const Extensions<uint32_t>& from, uint32_t size, size_t words,
                            const uint64_t* row, uint32_t own, uint32_t least,
                            Extensions<uint32_t>* out, Item* perfect, uint32_t* perfect_size) {
    uint32_t kept = 0;
    for (uint32_t j = 0; j < size; ++j) {
      const uint64_t* const other = from.rows + j * words;
      uint64_t* const to = out->rows + kept * words;
      __m512i sum = _mm512_setzero_si512();
      for (size_t w = 0; w < words; w += 8) {
        const __m512i common =
            _mm512_and_si512(_mm512_load_si512(other + w), _mm512_load_si512(row + w));
        _mm512_store_si512(to + w, common);
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(common));
      }
      const auto common = static_cast<uint32_t>(_mm512_reduce_add_epi64(sum));
      out->items[kept] = from.items[j];
      out->counts[kept] = common;
      perfect[*perfect_size] = from.items[j];
      *perfect_size += common == own;
      kept += common >= least && common != own;
    }
    out->size = kept;
  }
};

}  // namespace clustr::mining

#endif  // CLUSTR_SERVICES_BUNDLES_MINING_ISA_AVX512_H_
