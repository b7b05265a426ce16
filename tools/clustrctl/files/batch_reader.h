#ifndef CLUSTR_TOOLS_CLUSTRCTL_FILES_BATCH_READER_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FILES_BATCH_READER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/common/v1/import.pb.h"
#include "google/protobuf/message.h"
#include "tools/clustrctl/files/table_file.h"

namespace clustr::ctl {

// Fills the batches of an import with the good rows of a file, keeps account of the bad ones, and
// knows which row of the file each row of the stream was. Not thread-safe.
class BatchReader {
 public:
  explicit BatchReader(TableFile file) : file_(std::move(file)) {}

  // Replaces the content of `request` by the next rows: as many as its field of rows may hold, and
  // about 1 MiB of the file at most. False, and no rows, at the end. FAILED_PRECONDITION, naming the
  // file, if it cannot be read on.
  absl::StatusOr<bool> Fill(google::protobuf::Message* request);

  const TableFile& file() const { return file_; }
  int64_t rows_filled() const { return rows_filled_; }

  // The rows that cannot be read join the summary of the stream: failed_count grows by them, the
  // rows of all errors become rows of the file, the first 100 stay, in the order of the file.
  void MergeInto(common::v1::ImportSummary* summary) const;

 private:
  void Skip(common::v1::RowError error);
  int64_t FileRow(int64_t stream_row) const;

  TableFile file_;
  int64_t rows_filled_ = 0;
  int64_t rows_skipped_ = 0;
  std::vector<common::v1::RowError> errors_;  // The first 100.
  // From this row of the stream on, that many rows of the file were skipped before it.
  std::vector<std::pair<int64_t, int64_t>> skipped_before_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_BATCH_READER_H_
