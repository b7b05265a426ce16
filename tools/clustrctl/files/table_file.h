#ifndef CLUSTR_TOOLS_CLUSTRCTL_FILES_TABLE_FILE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FILES_TABLE_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/importing/row_source.h"
#include "google/protobuf/descriptor.h"

namespace clustr::ctl {

// An open file with rows of one stored message. Its columns are checked; no row is read yet.
struct TableFile {
  const google::protobuf::Descriptor* row;
  std::string name;  // File name without the folder.
  int64_t bytes;     // Size on disk.
  std::unique_ptr<importing::RowSource> rows;
};

// Opens `<table>.csv`, `<table>.jsonl`, or either with `.gz` appended, in the folder; nullopt if
// there is none. FAILED_PRECONDITION, naming the file, if there are several, or if the columns do
// not fit the message.
absl::StatusOr<std::optional<TableFile>> OpenTableFile(const std::string& folder,
                                                       const google::protobuf::Descriptor& row);

// The name of a stored message's table.
const std::string& TableName(const google::protobuf::Descriptor& row);

// The repeated field of a request or response that holds the rows of a stored message; nullptr if
// it has none.
const google::protobuf::FieldDescriptor* RowsField(const google::protobuf::Descriptor& message);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_TABLE_FILE_H_
