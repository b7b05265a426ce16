#ifndef CLUSTR_TOOLS_CLUSTR_MINE_FIMI_SCAN_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_FIMI_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "services/bundles/mining/base/basket_view.h"

namespace clustr::mine {

// Where a scan writes. `numbers` and `line_ends` move behind what was written.
struct ScanOutput {
  const mining::Item* first;  // Number of the file.
  mining::Item* numbers;      // As they come; kScanSlack places behind the last are overwritten.
  uint64_t* line_ends;        // Numbers from `first` to the end of each line; slack as well.
};
constexpr size_t kScanSlack = 32;

// What a scan returns if it refuses nothing.
constexpr size_t kAllTaken = SIZE_MAX;

// Writes the numbers and lines of FIMI text that end at bytes `begin` up to `end`, where a number
// ends at the byte behind its last digit, a line at its '\n', and a '\n' is thought behind text
// that does not end in one: so `end` may be text.size() + 1. Returns where the first thing begins
// that is refused, a number above 32 bits or a byte that is no blank, or kAllTaken. Reads no byte
// outside of `text`; needs room for a number every other byte and a line every byte.
using Scan = size_t (*)(std::string_view text, size_t begin, size_t end, ScanOutput& output);

size_t ScanPortable(std::string_view text, size_t begin, size_t end, ScanOutput& output);
// Needs AVX-512 with VBMI2 (Ice Lake, Zen 4); only for x86-64.
size_t ScanAvx512(std::string_view text, size_t begin, size_t end, ScanOutput& output);

// All that this machine can run, the fastest last. They do the same.
std::vector<Scan> SupportedScans();

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_FIMI_SCAN_H_
