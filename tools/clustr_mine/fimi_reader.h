#ifndef CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_
#define CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/clustr_mine/fimi_parser.h"

namespace clustr::mine {

// Reads the file, or the standard input if `path` is -; decompressed if its name ends in .gz or
// .xz, by the program of that name. A regular file is mapped, and must not shrink meanwhile.
// NOT_FOUND or UNKNOWN if it cannot be read, with path, reason and remedy; the errors of ParseFimi,
// with path.
absl::StatusOr<Transactions> ReadFimi(const std::string& path);

}  // namespace clustr::mine

#endif  // CLUSTR_TOOLS_CLUSTR_MINE_FIMI_READER_H_
