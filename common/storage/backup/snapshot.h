#ifndef CLUSTR_COMMON_STORAGE_BACKUP_SNAPSHOT_H_
#define CLUSTR_COMMON_STORAGE_BACKUP_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clustr/ops/v1/backup.pb.h"
#include "common/storage/backup/backup_reader.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// A backup that is being read from one state of the database, over a session of its own, so that it
// takes none from other readers. Writes go on; but as long as this exists, the database keeps the
// state: SQLite cannot reuse the -wal file, which therefore grows with them, and PostgreSQL does
// not clear away rows that were changed or removed since. Not thread-safe.
class Snapshot {
 public:
  // `session` has begun a transaction that reads one state, and has read from it. `wal_path` names
  // the file that grows meanwhile; empty if there is none.
  Snapshot(std::unique_ptr<Session> session, std::string wal_path,
           const std::vector<const google::protobuf::Descriptor*>& models,
           const ops::v1::BackupHeader& header)
      : wal_path_(std::move(wal_path)),
        session_(std::move(session)),
        reader_(std::make_unique<BackupReader>(session_.get(), models, header)) {}
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  // Makes the next chunk; false behind the last. The errors of Guard.
  absl::StatusOr<bool> Next(ops::v1::BackupChunk* chunk);

  // Size of the -wal file; 0 if there is none.
  int64_t WalBytes() const;

 private:
  const std::string wal_path_;
  const std::unique_ptr<Session> session_;
  std::unique_ptr<BackupReader> reader_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_BACKUP_SNAPSHOT_H_
