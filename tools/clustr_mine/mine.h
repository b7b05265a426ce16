#ifndef CLUSTR_TOOLS_CLUSTR_MINE_MINE_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_MINE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "tools/clustr_mine/fimi_reader.h"
#include "tools/clustr_mine/line_writer.h"
#include "tools/clustr_mine/options.h"

namespace clustr::mine {

// Finds the itemsets or rules that `options` ask for, writes them, and returns their number.
// Returns the errors of MineItemsets and MineRules; results found before an error are still
// written.
absl::StatusOr<int64_t> Mine(const Transactions& transactions, const Options& options,
                             LineWriter& writer);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_MINE_H_
