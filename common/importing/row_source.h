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

// The rows of one file of a stored message, in whatever format. Not thread-safe.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // Reads the next row into `message`, which must be empty; false at the end of the file. Sets the
  // row number in `error`, counted from 1 over all data rows including bad ones, and adds a
  // violation to it for each problem of a bad row. Sets `bytes` to the size of the row in the file.
  // DATA_LOSS if the file cannot be read.
  virtual absl::StatusOr<bool> Next(google::protobuf::Message* message, common::v1::RowError* error,
                                    size_t* bytes) = 0;

  // Names of the fields that every row gives, except the id: the update_mask of an import.
  virtual std::vector<std::string> MaskPaths() const = 0;

  // Number of bytes of the (inflated) file that were processed.
  virtual int64_t bytes_read() const = 0;
};

}  // namespace clustr::importing

#endif  // CLUSTR_COMMON_IMPORTING_ROW_SOURCE_H_
