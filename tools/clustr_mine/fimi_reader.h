#ifndef CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/clustr_mine/fimi_parser.h"

namespace clustr::mine {

// Reads and parses a file of baskets, or the standard input if `path` is -. A file whose name ends
// in .gz or .xz is decompressed by the program gzip or xz. A regular file is mapped and must not
// shrink meanwhile. A byte order mark is passed over. A text with names (HasNames) is parsed as
// ParseNamed says, any other as ParseFimi says. NOT_FOUND or UNKNOWN, with path, reason and remedy,
// if it cannot be read; the errors of ParseFimi, with the path.
absl::StatusOr<Transactions> ReadBaskets(const std::string& path);

// Names the items of `transactions` after a file; see NameItems. The errors are those of
// ReadBaskets and NameItems, with the path.
absl::Status ReadNames(const std::string& path, Transactions* transactions);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_
