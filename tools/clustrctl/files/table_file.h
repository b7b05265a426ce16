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

// The file of a stored message: opened, its columns checked, no row taken yet.
struct TableFile {
  const google::protobuf::Descriptor* row;
  std::string name;  // Without the folder.
  int64_t bytes;     // On the disk.
  std::unique_ptr<importing::RowSource> rows;
};

// Opens `<table>.csv` or `<table>.jsonl` of the folder, or one of these with `.gz` behind; nothing
// if it has none. FAILED_PRECONDITION, naming the file, if it has several, or one whose columns do
// not fit the message.
absl::StatusOr<std::optional<TableFile>> OpenTableFile(const std::string& folder,
                                                       const google::protobuf::Descriptor& row);

// Name of a stored message's table.
const std::string& TableName(const google::protobuf::Descriptor& row);

// The repeated field of a request or response that holds the rows of a stored message.
const google::protobuf::FieldDescriptor* RowsField(const google::protobuf::Descriptor& message);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_TABLE_FILE_H_
