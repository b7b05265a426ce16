#include <immintrin.h>

#include <algorithm>
#include <bit>

#include "tools/clustr_mine/fimi_scan.h"

namespace clustr::mine {
namespace {

// A window has 64 bytes: kStep new ones, and before them kBefore, enough to find where a number
// begins that ends in the new ones.
constexpr size_t kBefore = 9;
constexpr size_t kStep = 64 - kBefore;

// Computes sixteen numbers at once. `digits` is the window with the values of its digits. Byte k of
// `ends` is the index in the window at which number k - 1 ends, and byte k + 1 that of number k.
__m512i SixteenNumbers(__m512i digits, __m512i ends) {
  const __m512i one_of_four =
      _mm512_set_epi32(0x0f0f0f0f, 0x0e0e0e0e, 0x0d0d0d0d, 0x0c0c0c0c, 0x0b0b0b0b, 0x0a0a0a0a,
                       0x09090909, 0x08080808, 0x07070707, 0x06060606, 0x05050505, 0x04040404,
                       0x03030303, 0x02020202, 0x01010101, 0x00000000);
  const __m512i before = _mm512_permutexvar_epi8(one_of_four, ends);
  const __m512i behind =
      _mm512_permutexvar_epi8(_mm512_add_epi8(one_of_four, _mm512_set1_epi8(1)), ends);
  // The last four digits of each number, then the four before them; 0 for places before a number.
  const auto four = [&](int back) {
    const __m512i at = _mm512_add_epi8(behind, _mm512_set1_epi32(back));
    const __m512i digit =
        _mm512_maskz_permutexvar_epi8(_mm512_cmpgt_epu8_mask(at, before), at, digits);
    const __m512i pairs = _mm512_maddubs_epi16(digit, _mm512_set1_epi16(0x010a));
    return _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
  };
  const __m512i low = four(static_cast<int>(0xfffefdfc));
  const __m512i high = four(static_cast<int>(0xfbfaf9f8));
  return _mm512_madd_epi16(_mm512_or_si512(low, _mm512_slli_epi32(high, 16)),
                           _mm512_set1_epi32(10000 << 16 | 1));
}

}  // namespace

// Takes whole windows with separators and numbers of at most eight digits only, and leaves all
// other text to ScanPortable.
size_t ScanAvx512(std::string_view text, size_t begin, size_t end, ScanOutput& output) {
  size_t at = std::max(begin, std::min(kBefore, end));
  size_t refused = ScanPortable(text, begin, at, output);
  const size_t windows_end = std::min(end, text.size());
  const __m512i indices = _mm512_set_epi64(
      0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
      0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
  for (; refused == kAllTaken && at + kStep <= windows_end; at += kStep) {
    const __m512i bytes = _mm512_loadu_si512(text.data() + at - kBefore);
    const __m512i values = _mm512_sub_epi8(bytes, _mm512_set1_epi8('0'));
    const uint64_t digits = _mm512_cmplt_epu8_mask(values, _mm512_set1_epi8(10));
    const uint64_t lines = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
    uint64_t taken = digits | lines | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' '));
    if (taken != ~uint64_t{0}) {
      taken |= _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\t')) |
               _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')) |
               _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(','));
    }
    const uint64_t ends = ~digits & digits << 1;
    const uint64_t two = digits & digits << 1;
    const uint64_t four = two & two << 2;
    const uint64_t nine = four & four << 4 & digits << 8;
    if (taken != ~uint64_t{0} || (nine << 1 & ends) != 0) {
      refused = ScanPortable(text, at, at + kStep, output);
      continue;
    }
    const uint64_t fresh = ends >> kBefore << kBefore;
    // The number before the first fresh one ends at or after the first byte of the window.
    const uint64_t before = std::bit_floor((ends ^ fresh) | 1);
    const __m512i places = _mm512_maskz_compress_epi8(fresh | before, indices);
    const __m512i digit_values = _mm512_maskz_mov_epi8(digits, values);
    _mm512_storeu_si512(output.numbers, SixteenNumbers(digit_values, places));
    const int count = std::popcount(fresh);
    if (count > 16) {
      _mm512_storeu_si512(output.numbers + 16,
                          SixteenNumbers(digit_values, _mm512_alignr_epi64(places, places, 2)));
    }
    const auto numbers = static_cast<uint64_t>(output.numbers - output.first);
    for (uint64_t line = lines >> kBefore << kBefore; line != 0; line &= line - 1) {
      *output.line_ends++ =
          numbers + static_cast<uint64_t>(std::popcount(fresh & (line ^ (line - 1))));
    }
    output.numbers += count;
  }
  return refused == kAllTaken ? ScanPortable(text, at, end, output) : refused;
}

}  // namespace clustr::mine
