#ifndef CLUSTR_TOOLS_CLUSTR_MINE_FIMI_PARSER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_FIMI_PARSER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/mining/base/basket_view.h"
#include "tools/clustr_mine/fimi_scan.h"
#include "tools/clustr_mine/growing_array.h"

namespace clustr::mine {

// Baskets with items as dense numbers, and what the file calls them.
struct Transactions {
  GrowingArray<mining::Item> items;  // Of each basket distinct and ascending.
  GrowingArray<uint64_t> offsets;    // One more than there are baskets.
  std::vector<uint32_t> names;       // By item, ascending.

  mining::BasketView view() const { return {items, offsets}; }
};

// Reads text in FIMI format: a basket a line, its items as numbers of at most 32 bits with blanks,
// tabs or commas between; repeats count once, an empty line is an empty basket, the last line may
// lack its end, and a line may end in CR LF. INVALID_ARGUMENT with line, column and remedy for
// anything else. About 10 cycles an item with AVX-512, 21 without; memory of 4 bytes an item, 8 a
// line, and 8 for each different item.
absl::StatusOr<Transactions> ParseFimi(std::string_view text);
// The same with one of SupportedScans().
absl::StatusOr<Transactions> ParseFimi(std::string_view text, Scan scan);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_FIMI_PARSER_H_
