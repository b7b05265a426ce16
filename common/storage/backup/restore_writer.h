#ifndef CLUSTR_COMMON_STORAGE_BACKUP_RESTORE_WRITER_H_
#define CLUSTR_COMMON_STORAGE_BACKUP_RESTORE_WRITER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clustr/ops/v1/backup.pb.h"
#include "common/storage/backup/stored_tables.h"
#include "common/storage/backup/table_filler.h"
#include "common/storage/system/counters.h"
#include "common/storage/write_context.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// Writes a backup into an empty store, as part of one write. To be given contents that BackupCheck
// has passed, in their order; the end takes effect with the write. Used on the writer thread;
// failures of the database are thrown. Errors are FAILED_PRECONDITION, with reason NOT_EMPTY if
// the store has or had rows, and with BACKUP_REFUSED, and the remedy, if the backup does not belong
// here.
class RestoreWriter {
 public:
  // Borrows the context. `store_id` is the history that continues the restored ones.
  RestoreWriter(WriteContext* context, std::vector<const google::protobuf::Descriptor*> models,
                std::string service, std::string store_id);

  absl::Status Write(const ops::v1::BackupContent& content);

 private:
  absl::Status Begin(const ops::v1::BackupHeader& header);
  absl::Status CheckEmpty();
  absl::Status OpenTable(const ops::v1::BackupTable& table);
  // Finds the column in which a column of the backup is stored here; -1 if its field was removed.
  absl::StatusOr<int> PlaceOf(const ops::v1::BackupTableColumn& column, const StoredTable& here,
                              const google::protobuf::Descriptor* model) const;
  absl::Status CheckNewFields(const ops::v1::BackupTable& table, const StoredTable& here,
                              const google::protobuf::Descriptor& model) const;
  const google::protobuf::Descriptor* ModelOf(const std::string& table) const;
  // Finishes the table whose rows were written last, if any.
  void CloseTable();
  absl::Status WriteRows(const ops::v1::BackupRows& rows);
  void TakeCounters(const ops::v1::BackupRows& rows);
  absl::Status End();

  // The table that the rows go to, and the columns of the backup that have a place in it.
  struct Target {
    std::string name;
    std::vector<int> sources;  // Indexes into BackupRows.columns.
    std::unique_ptr<TableFiller> filler;
  };

  WriteContext& context_;
  const std::vector<const google::protobuf::Descriptor*> models_;
  const std::string service_;
  const std::string store_id_;
  std::vector<StoredTable> tables_;
  Target target_;
  ops::v1::BackupHeader header_;
  Counters counters_;
  absl::flat_hash_map<std::string, int64_t> written_;  // Rows by table.
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_BACKUP_RESTORE_WRITER_H_
