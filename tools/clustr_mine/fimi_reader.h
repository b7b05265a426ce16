#ifndef CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/bundles/mining/basket_view.h"

namespace clustr::mine {

// Baskets with items as dense numbers, and what the file calls them.
struct Transactions {
  std::vector<mining::Item> items;  // Of each basket distinct and ascending.
  std::vector<uint64_t> offsets = {0};
  std::vector<uint32_t> names;  // By item, ascending.

  mining::BasketView view() const { return {items, offsets}; }
};

// Reads text in FIMI format: a basket a line, its items as numbers of at most 32 bits with blanks,
// tabs or commas between; repeats count once, an empty line is an empty basket. INVALID_ARGUMENT
// with the line for anything else.
absl::StatusOr<Transactions> ParseFimi(std::string_view text);

// The same from a file, `-` for the standard input; decompressed if its name ends in .gz or .xz,
// by the program of that name. NOT_FOUND, or UNKNOWN, if it cannot be read.
absl::StatusOr<Transactions> ReadFimi(const std::string& path);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_
