#ifndef CLUSTR_COMMON_IMPORTING_ROW_SOURCE_H_
#define CLUSTR_COMMON_IMPORTING_ROW_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/common/v1/import.pb.h"
#include "google/protobuf/message.h"

namespace clustr::importing {

// The rows of one file of a stored message, whatever its format. Not thread-safe.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // Reads the next row into `message`, which must be cleared; false at the end of the file. A bad
  // row is told of by violations in `error`, which also receives the number of the row: 1-based
  // among the data rows, bad ones included. `bytes` is what the row took in the file. DATA_LOSS if
  // the file cannot be read.
  virtual absl::StatusOr<bool> Next(google::protobuf::Message* message, common::v1::RowError* error,
                                    size_t* bytes) = 0;

  // Fields that every row says something of, without the id: the update_mask of an import.
  virtual std::vector<std::string> MaskPaths() const = 0;

  // Bytes of the (inflated) file that are done.
  virtual int64_t bytes_read() const = 0;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_ROW_SOURCE_H_
