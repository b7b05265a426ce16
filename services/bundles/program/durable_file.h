#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_DURABLE_FILE_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_DURABLE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Files beside the database, which a program writes once and reads at its next start.
namespace clustr::bundles {

// What is written, in the words of an error: `the model` in `the folder of models (--models)`.
struct FileKind {
  absl::string_view what;
  absl::string_view folder;
};

// Writes `bytes` to `path`, durably and as a whole: after a crash the file has all of them, or what
// it had before, or is not there. With a message that clients may see, UNAVAILABLE with reason
// NOT_STORED if the file cannot be written, or RESOURCE_EXHAUSTED with reason DISK_FULL. Blocks
// until the disk has confirmed.
absl::Status WriteDurableFile(const std::string& path, absl::string_view bytes, FileKind kind);

// Removes a file, durably. NOT_STORED if it cannot be removed; OK if there is none.
absl::Status RemoveDurableFile(const std::string& path, FileKind kind);

// The 32 bytes of the SHA-256 of `bytes`.
std::string RawSha256(absl::string_view bytes);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_DURABLE_FILE_H_
