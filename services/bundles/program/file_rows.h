#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_FILE_ROWS_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_FILE_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/storage/write_context.h"
#include "services/bundles/program/kept_as.h"

// Files as rows of the table `bundle_files`, for servers that share a database instead of a disk: a
// file has one row for each part of 3 MiB, in base64. What may be wrong with the bytes of a file,
// its own checksum has to find. Failures of the database are thrown.
namespace clustr::bundles {

// The statement that creates the table that the other functions need, as in TableSettings::more.
std::string FileRowsTable();

struct FileVersion {
  std::string name;
  int64_t revision = 0;  // At which it was written.
};

// The files whose names end with `suffix`, in no order.
std::vector<FileVersion> ListFileRows(storage::Session& session, absl::string_view suffix);

// True if there is a file of this name.
bool HasFileRows(storage::Session& session, const std::string& name);

// The bytes of the file; a part that is no base64 is left out. Unset if there is no such file. To
// be called inside one read or write, so that all parts are of one file.
std::optional<std::string> ReadFileRows(storage::Session& session, const std::string& name);

// How messages name a file that stands for `what`: the model trained-1.
KeptAs KeptAsFileRows(const std::string& name, absl::string_view what);

// Stores a file in place of one of the same name, and takes a revision, so that other servers of
// the database look.
void WriteFileRows(storage::WriteContext& context, const std::string& name,
                   absl::string_view bytes);

// Removes a file, if there is one of this name, and takes a revision.
void RemoveFileRows(storage::WriteContext& context, const std::string& name);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_FILE_ROWS_H_
