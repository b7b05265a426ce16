#ifndef CLUSTR_COMMON_STORAGE_BACKUP_BACKUP_READER_H_
#define CLUSTR_COMMON_STORAGE_BACKUP_BACKUP_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "clustr/ops/v1/backup.pb.h"
#include "common/backup/chunk_chain.h"
#include "common/storage/backup/stored_tables.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// Makes a backup of the state that a session reads, chunk by chunk. Equal states make equal chunks,
// but for the header. Holds one chunk in memory, about half a MiB. Not thread-safe; borrows the
// session, whose transaction must stay open. Failures of the database are thrown.
class BackupReader {
 public:
  // `header` is completed with what the database knows.
  BackupReader(Session* session, std::vector<const google::protobuf::Descriptor*> models,
               ops::v1::BackupHeader header);

  // Makes the next chunk; false behind the last.
  bool Next(ops::v1::BackupChunk* chunk);

 private:
  void CompleteHeader(ops::v1::BackupHeader* header);
  // The next content: a table, some of its rows, or the end.
  ops::v1::BackupContent Step();
  void OpenTable();
  // Reads rows until about half a MiB is full; false if there were none.
  bool FillRows(ops::v1::BackupRows* rows);

  Session& session_;
  const std::vector<const google::protobuf::Descriptor*> models_;
  ops::v1::BackupHeader header_;
  backup::ChunkChain chain_;
  backup::Sha256 data_;
  std::vector<StoredTable> tables_;
  size_t table_ = 0;                 // The one that is read now.
  std::unique_ptr<Statement> rows_;  // Its rows; null before it is opened.
  int64_t row_count_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_BACKUP_BACKUP_READER_H_
