#ifndef CLUSTR_COMMON_STORAGE_BACKUP_TABLE_FILLER_H_
#define CLUSTR_COMMON_STORAGE_BACKUP_TABLE_FILLER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/schema/field.h"
#include "common/storage/server/waiting_rows.h"
#include "common/storage/session.h"

namespace clustr::storage {

// Puts the rows of a backup into a table, in place of those that it has: one INSERT after the other
// into a file, and by COPY into a database of PostgreSQL, which holds some MiB of rows in memory.
// Used on the writer thread within one call; failures of the database are thrown.
class TableFiller {
 public:
  // Removes what is in the table. `names` are the columns that Add gives a value, of the `types`.
  // Borrows the session.
  TableFiller(Session* session, const std::string& table, std::vector<std::string> names,
              std::vector<schema::CellType> types);

  size_t columns() const { return form_->types.size(); }
  schema::CellType type(size_t column) const { return form_->types[column]; }
  // The i-th value of the next row. Those of the last row stand until they are replaced.
  schema::Cell& cell(size_t i) { return insert_ == nullptr ? cells_[i] : insert_->parameter(i); }

  // Adds the row. FAILED_PRECONDITION with reason BACKUP_REFUSED, which names row and column, for a
  // text that PostgreSQL does not store.
  absl::Status Add();

  // Behind the last row: sees to it that the database numbers rows that come later behind these.
  void Finish();

  int64_t rows() const { return rows_; }

 private:
  absl::Status CheckTexts() const;

  Session& session_;
  const RowFormPtr form_;
  std::vector<schema::Cell> cells_;    // For COPY.
  std::unique_ptr<Statement> insert_;  // For a file; null for COPY.
  int64_t rows_ = 0;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_BACKUP_TABLE_FILLER_H_
