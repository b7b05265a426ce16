#ifndef CLUSTR_TOOLS_CLUSTRCTL_TABLE_FILE_H_
#define CLUSTR_TOOLS_CLUSTRCTL_TABLE_FILE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/importing/csv_reader.h"
#include "common/importing/row_parser.h"
#include "google/protobuf/descriptor.h"

namespace clustr::ctl {

// The CSV file of a stored message: opened, its header checked, no row read yet.
struct TableFile {
  const google::protobuf::Descriptor* row;
  std::string name;  // Without the folder.
  int64_t bytes;     // On the disk.
  importing::CsvReader reader;
  importing::CsvColumns columns;
};

// Opens `<table>.csv` or `<table>.csv.gz` of the folder; nothing if it has neither.
// FAILED_PRECONDITION, naming the file, if it has both, or a header that does not fit the message.
absl::StatusOr<std::optional<TableFile>> OpenTableFile(const std::string& folder,
                                                       const google::protobuf::Descriptor& row);

// Name of a stored message's table.
const std::string& TableName(const google::protobuf::Descriptor& row);

// The repeated field of a request or response that holds the rows of a stored message.
const google::protobuf::FieldDescriptor* RowsField(const google::protobuf::Descriptor& message);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_TABLE_FILE_H_
