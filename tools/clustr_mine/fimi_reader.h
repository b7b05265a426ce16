#ifndef CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/clustr_mine/fimi_parser.h"

namespace clustr::mine {

// Reads and parses a file, or the standard input if `path` is -. A file whose name ends in .gz or
// .xz is decompressed by the program gzip or xz. A regular file is mapped and must not shrink
// meanwhile. NOT_FOUND or UNKNOWN, with path, reason and remedy, if it cannot be read; the errors
// of ParseFimi, with the path.
absl::StatusOr<Transactions> ReadFimi(const std::string& path);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_
