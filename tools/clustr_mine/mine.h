#ifndef CLUSTR_TOOLS_CLUSTR_MINE_MINE_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_MINE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "tools/clustr_mine/fimi_reader.h"
#include "tools/clustr_mine/line_writer.h"
#include "tools/clustr_mine/options.h"

namespace clustr::mine {

// Finds what `options` ask for and writes it; returns how many lines that were. The errors of
// MineItemsets and MineRules; what was found before one is written.
absl::StatusOr<int64_t> Mine(const Transactions& transactions, const Options& options,
                             LineWriter& writer);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_MINE_H_
