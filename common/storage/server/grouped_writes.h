#ifndef CLUSTR_COMMON_STORAGE_SERVER_GROUPED_WRITES_H_
#define CLUSTR_COMMON_STORAGE_SERVER_GROUPED_WRITES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/schema/field.h"
#include "common/storage/server/waiting_rows.h"

namespace clustr::storage {

class Session;

// A cache of rows and ids that one statement read for many look-ups to come, so that each of these
// needs no round trip. It is valid within one call, or one batch of an import. Not thread-safe.
class FoundAhead {
 public:
  // Rows by table and id, as one cell for each column of the table; none for an id without a row.
  using Row = std::optional<std::vector<schema::Cell>>;
  absl::flat_hash_map<int64_t, Row>& rows(const RowFormPtr& form) { return rows_[form]; }
  // Ids of rows by the text that they have in a unique column; 0 for a text that no row has.
  absl::flat_hash_map<std::string, int64_t>& ids(const RowFormPtr& form, size_t column) {
    return ids_[{form, column}];
  }
  void Forget() { rows_.clear(), ids_.clear(); }
  // Before a row is changed.
  void ForgetRow(const RowFormPtr& form, int64_t id) {
    rows_[form].erase(id);
    ids_.clear();
  }

 private:
  absl::flat_hash_map<RowFormPtr, absl::flat_hash_map<int64_t, Row>> rows_;
  absl::flat_hash_map<std::pair<RowFormPtr, size_t>, absl::flat_hash_map<std::string, int64_t>>
      ids_;
};

// How the writer's session of a PostgreSQL database saves round trips. Rows that calls add wait
// until a statement needs to see them, or the group of calls ends, and are then sent together. A
// call that does nothing else needs no savepoint: to undo it, its rows are dropped. Any other
// statement must Settle first, which begins the savepoint of the call if it has none, so that what
// fails in it harms no other call. Not thread-safe. Failures are thrown as soci::soci_error.
class GroupedWrites {
 public:
  // Borrows the session, which owns this.
  GroupedWrites(Session* session, PGconn* connection) : session_(*session), rows_(connection) {}

  WaitingRows& rows() { return rows_; }
  FoundAhead& found() { return found_; }

  // Begins and ends one call of a group; without `keep`, nothing is left of it. EndJob throws if
  // the whole transaction is lost.
  void BeginJob();
  void EndJob(bool keep);

  // Before a statement: sends the rows that wait, so that it sees them. `changes` says that it may
  // change something, so that what was found ahead may no longer hold.
  void Settle(bool changes);

  // Before a statement that changes this row alone.
  void SettleForRow(const RowFormPtr& form, int64_t id) {
    Settle(/*changes=*/false);
    found_.ForgetRow(form, id);
  }

  // Sends the rows if they take much memory.
  void SettleIfLarge();

  // Key hashes of request_log of which it is known that no stored row has them. The owner removes
  // those of rows that are added.
  absl::flat_hash_set<int64_t>& unused_request_keys() { return unused_request_keys_; }

  // Between transactions: forgets everything.
  void Reset();

 private:
  void Run(const char* sql);

  Session& session_;
  WaitingRows rows_;
  FoundAhead found_;
  absl::flat_hash_set<int64_t> unused_request_keys_;
  bool in_job_ = false;
  bool has_savepoint_ = false;
  bool settling_ = false;
  WaitingRows::Mark job_mark_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_GROUPED_WRITES_H_
