#ifndef CLUSTR_COMMON_STORAGE_SERVER_WAITING_ROWS_H_
#define CLUSTR_COMMON_STORAGE_SERVER_WAITING_ROWS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "common/schema/field.h"

typedef struct pg_conn PGconn;  // Declared as in libpq-fe.h, so that callers need not include it.

namespace clustr::storage {

// The columns that the rows of one INSERT give a value. Compared by its address.
struct RowForm {
  std::string table;
  std::vector<std::string> names;
  std::vector<schema::CellType> types;
};

using RowFormPtr = std::shared_ptr<const RowForm>;

// Rows that were added to tables of a PostgreSQL database and are not sent yet: they go by COPY,
// all of a table at once, which takes about a tenth of the time of a statement for each. A row
// waits in the form in which it will be sent. Failures are thrown as soci::soci_error. Not
// thread-safe.
class WaitingRows {
 public:
  // How many rows wait, by table. Stays right while rows are only added.
  using Mark = std::map<RowFormPtr, size_t>;

  // Borrows the connection.
  explicit WaitingRows(PGconn* connection) : connection_(connection) {}

  // Adds a row. Throws, and adds nothing, if a text is not UTF-8 or has U+0000, which PostgreSQL
  // would refuse.
  void Add(const RowFormPtr& form, absl::Span<const schema::Cell> cells);

  // True if a waiting row has this value in the column `column` of the form; false for NULL. O(1),
  // but for the first question about rows that were added since the last one.
  bool Has(const RowFormPtr& form, size_t column, const schema::Cell& value);

  // Bytes of all rows that wait.
  size_t bytes() const { return bytes_; }
  bool empty() const { return bytes_ == 0; }

  Mark mark() const;
  // Sends the rows that waited at `mark`.
  void SendUpTo(const Mark& mark);
  // Sends all rows.
  void Send() { SendUpTo(mark()); }
  // Drops the rows that were added since `mark`.
  void ReturnTo(const Mark& mark);
  // Drops all rows.
  void Drop() { rows_.clear(), bytes_ = 0; }

  // True if the transaction of the connection can only be rolled back.
  bool transaction_failed() const;

 private:
  struct Values {
    size_t indexed = 0;  // The first rows, whose values are in the set.
    absl::flat_hash_set<std::string> set;
  };
  struct Rows {
    std::string bytes;
    std::vector<size_t> ends;         // Of each row in `bytes`.
    std::map<size_t, Values> values;  // By column, for those that were asked for.
  };
  // Removes the rows from `first` up to `last`.
  void Remove(Rows* rows, size_t first, size_t last);

  PGconn* const connection_;
  std::map<RowFormPtr, Rows> rows_;
  size_t bytes_ = 0;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_WAITING_ROWS_H_
