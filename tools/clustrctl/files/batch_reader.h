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

// Fills the batches of an import with the readable rows of a file, records the errors of the
// others, and maps each row of the stream to its row in the file. Not thread-safe.
class BatchReader {
 public:
  explicit BatchReader(TableFile file) : file_(std::move(file)) {}

  // Replaces the content of `request` with the next rows: at most as many as its field of rows may
  // hold, and about 1 MiB of the file. Returns false, without rows, at the end of the file.
  // FAILED_PRECONDITION, naming the file, if reading fails.
  absl::StatusOr<bool> Fill(google::protobuf::Message* request);

  const TableFile& file() const { return file_; }
  int64_t rows_filled() const { return rows_filled_; }
  // Share of the file that is read, 0 to 1; -1 if the file is compressed.
  double share_read() const;

  // Adds the unreadable rows to the summary of the stream: failed_count grows by their number, the
  // row numbers of all errors become those of the file, and the first 100 errors in the order of
  // the file are kept.
  void MergeInto(common::v1::ImportSummary* summary) const;

 private:
  void Skip(common::v1::RowError error);
  int64_t FileRow(int64_t stream_row) const;

  TableFile file_;
  int64_t rows_filled_ = 0;
  int64_t rows_skipped_ = 0;
  std::vector<common::v1::RowError> errors_;  // The first 100.
  // Pairs (row of the stream, rows of the file that were skipped before it), both ascending. An
  // entry holds until the next one.
  std::vector<std::pair<int64_t, int64_t>> skipped_before_;
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FILES_BATCH_READER_H_
