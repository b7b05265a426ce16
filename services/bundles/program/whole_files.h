#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_WHOLE_FILES_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_WHOLE_FILES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/bundles/program/kept_as.h"

// Reading folders of files that a program wrote earlier, and that anything may have happened to.
namespace clustr::bundles {

// The bytes of a regular file; only some of them if it does not begin with `begin`. Never waits for
// a writer or a device, and reads at most `max_bytes`, whatever stands at `path`. Errors, with a
// message for operators that has the remedy: NOT_FOUND if the file cannot be opened, DATA_LOSS if
// it is no regular file, is larger, or cannot be read.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path, absl::string_view begin,
                                          int64_t max_bytes, const KeptAs& kept);

// The names of what stands in a folder, in no order; none if there is no such folder. NOT_FOUND if
// it cannot be listed; ProblemOfFolder tells an operator.
absl::StatusOr<std::vector<std::string>> NamesInFolder(const std::string& path);

// A sentence for an operator, with the remedy, if something else than a folder stands at `path`, or
// one in which this process may not read or write; empty if all is well, or nothing stands there.
std::string ProblemOfFolder(const std::string& path, const std::string& what);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_WHOLE_FILES_H_
