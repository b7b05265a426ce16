#ifndef CLUSTR_COMMON_BACKUP_BACKUP_CHECK_H_
#define CLUSTR_COMMON_BACKUP_BACKUP_CHECK_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/ops/v1/backup.pb.h"
#include "common/backup/chunk_chain.h"

namespace clustr::backup {

// The version of the form of backups that this program writes and reads.
inline constexpr int kFormat = 1;

// Checks a backup, chunk by chunk: that each is the next one and undamaged, that header, tables,
// rows and end come in their order, that rows fit their table, and that the end tells what was
// there. Whoever uses a backup passes each of its chunks through here first. Not thread-safe.
class BackupCheck {
 public:
  // The content of the next chunk. FAILED_PRECONDITION with reason BACKUP_REFUSED, and the remedy,
  // if it is not as it must be; nothing may be used any more then.
  absl::StatusOr<ops::v1::BackupContent> Next(const ops::v1::BackupChunk& chunk);

  // OK if nothing is missing; otherwise as Next.
  absl::Status Complete() const;

  bool ended() const { return ended_; }
  const ops::v1::BackupHeader& header() const { return header_; }
  // Valid once it has ended.
  const ops::v1::BackupEnd& end() const { return end_; }
  int64_t rows() const { return rows_; }
  // Number of chunks that have passed.
  int64_t chunks() const { return chunks_; }

 private:
  absl::Status Take(const ops::v1::BackupContent& content, const std::string& bytes);
  absl::Status TakeRows(const ops::v1::BackupRows& rows);

  ChunkChain chain_;
  Sha256 data_;
  ops::v1::BackupHeader header_;
  ops::v1::BackupTable table_;
  ops::v1::BackupEnd end_;
  bool begun_ = false;
  bool ended_ = false;
  int64_t rows_ = 0;
  int64_t chunks_ = 0;
};

}  // namespace clustr::backup

#endif  // CLUSTR_COMMON_BACKUP_BACKUP_CHECK_H_
