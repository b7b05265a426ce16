#ifndef CLUSTR_COMMON_STORAGE_BACKUP_STORED_TABLES_H_
#define CLUSTR_COMMON_STORAGE_BACKUP_STORED_TABLES_H_

#include <string>
#include <vector>

#include "clustr/ops/v1/backup.pb.h"
#include "common/schema/field.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// A table as a backup describes it.
struct StoredTable {
  ops::v1::BackupTable description;
  std::vector<schema::CellType> types;  // Of the columns.
  std::string order;                    // Its primary key, as in ORDER BY.
};

// Every table of the database that a backup has, by name: the models, what was removed, the answers
// kept for retries, and the tables in which a service keeps something of its own. Left out are
// those that say how the database is made. Failures of the database are thrown.
std::vector<StoredTable> StoredTables(
    Session& session, const std::vector<const google::protobuf::Descriptor*>& models);

// The type of a column of a backup.
schema::CellType TypeOf(const ops::v1::BackupTableColumn& column);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_BACKUP_STORED_TABLES_H_
