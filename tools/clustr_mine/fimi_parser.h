#ifndef CLUSTR_TOOLS_CLUSTR_MINE_FIMI_PARSER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_FIMI_PARSER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/mining/base/basket_view.h"
#include "tools/clustr_mine/fimi_scan.h"
#include "tools/clustr_mine/growing_array.h"

namespace clustr::mine {

// Baskets with items as dense numbers, and the numbers of the items in the file.
struct Transactions {
  GrowingArray<mining::Item> items;  // Distinct and ascending within each basket.
  GrowingArray<uint64_t> offsets;   // Where each basket begins in `items`, and where the last ends.
  std::vector<uint32_t> names;      // The number in the file of each item, ascending.
  std::vector<std::string> labels;  // The name of each item; empty if items have only numbers.
  bool has_texts =
      false;  // Whether the items of the file are texts, so that `names` means nothing.

  mining::BasketView view() const { return {items, offsets}; }
};

// Parses text in FIMI format: one basket per line, its items as numbers of at most 32 bits,
// separated by blanks, tabs or commas. Repeated items count once, and an empty line is an empty
// basket. Lines end in LF or CR LF, which the last line may lack. INVALID_ARGUMENT with line,
// column and remedy for anything else. Time: about 10 cycles per item with AVX-512, 21 without.
// Memory: 4 bytes per item, 8 per line, and 8 per distinct item.
absl::StatusOr<Transactions> ParseFimi(std::string_view text);
// The same with the given one of SupportedScans().
absl::StatusOr<Transactions> ParseFimi(std::string_view text, Scan scan);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_FIMI_PARSER_H_
