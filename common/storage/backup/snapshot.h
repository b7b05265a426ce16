#ifndef CLUSTR_COMMON_STORAGE_BACKUP_SNAPSHOT_H_
#define CLUSTR_COMMON_STORAGE_BACKUP_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/ops/v1/backup.pb.h"
#include "common/storage/backup/backup_reader.h"
#include "common/storage/file/damage.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// A backup that is being read from one state of the database, over a session of its own, so that it
// takes none from other readers. Writes go on; but as long as this exists, SQLite cannot reuse the
// -wal file, which therefore grows with them. Not thread-safe.
class Snapshot {
 public:
  // Begins to read the newest state. The errors of Guard.
  static absl::StatusOr<std::unique_ptr<Snapshot>> Open(
      const std::string& path, Damage* damage,
      const std::vector<const google::protobuf::Descriptor*>& models,
      const ops::v1::BackupHeader& header);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  // Makes the next chunk; false behind the last.
  absl::StatusOr<bool> Next(ops::v1::BackupChunk* chunk);

  // Size of the -wal file.
  int64_t WalBytes() const;

 private:
  explicit Snapshot(std::string wal_path) : wal_path_(std::move(wal_path)) {}

  const std::string wal_path_;
  Session session_;
  BrokenTexts broken_texts_;
  std::unique_ptr<BackupReader> reader_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_BACKUP_SNAPSHOT_H_
