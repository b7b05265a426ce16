#ifndef CLUSTR_TOOLS_CLUSTR_MINE_FIMI_SCAN_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_FIMI_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mine {

// Where a scan writes its output. It advances `numbers` and `line_ends` past what it wrote, and may
// overwrite kScanSlack places after that in both.
struct ScanOutput {
  const mining::Item* first;  // The first number of the file.
  mining::Item* numbers;      // The numbers, in the order of the text.
  uint64_t* line_ends;        // For each line, the count of numbers from `first` to its end.
};
constexpr size_t kScanSlack = 32;

// What a scan returns if it refuses nothing.
constexpr size_t kAllTaken = SIZE_MAX;

// Writes the numbers and lines of FIMI text that end at a byte from `begin` to before `end`. A
// number ends at the byte after its last digit, and a line at its '\n'. Text without a '\n' at its
// end is treated as if one followed, so `end` may be text.size() + 1. Returns kAllTaken, or the
// position of the first error: a number above 32 bits, or a byte that is neither a digit nor a
// separator. Reads no byte outside `text`. With `size` bytes to read, the numbers need room for
// size / 2 + 1 elements and the line ends for size.
using Scan = size_t (*)(std::string_view text, size_t begin, size_t end, ScanOutput& output);

size_t ScanPortable(std::string_view text, size_t begin, size_t end, ScanOutput& output);
// For x86-64 with AVX-512 and VBMI2 (Ice Lake, Zen 4).
size_t ScanAvx512(std::string_view text, size_t begin, size_t end, ScanOutput& output);

// The scans that this machine can run, the fastest last. All have the same results.
std::vector<Scan> SupportedScans();

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_FIMI_SCAN_H_
