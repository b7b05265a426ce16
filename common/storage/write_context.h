#ifndef CLUSTR_COMMON_STORAGE_WRITE_CONTEXT_H_
#define CLUSTR_COMMON_STORAGE_WRITE_CONTEXT_H_

#include <cstdint>
#include <string>
#include <utility>

#include "common/storage/session.h"
#include "common/storage/system/counters.h"

namespace clustr::storage {

// The view of one write call: its session, inside its own savepoint, the revision it takes and the
// counters it changes. The store keeps revision and counters only if the call succeeds. Used on the
// writer thread only, during WriteJob::work. Not thread-safe.
class WriteContext {
 public:
  // The writer's session. Borrowed; do not begin or end a transaction on it.
  Session& session() { return *session_; }

  // The revision of this call: one more than the newest revision before it, and the same on each
  // use. The first use takes it, so a call that changes nothing should not use it.
  int64_t Revision();
  // The revision taken so far; 0 if none.
  int64_t taken_revision() const { return revision_; }
  // The newest revision, including the one of this call if it took one.
  int64_t head_revision() const { return revision_ > 0 ? revision_ : head_; }

  // Returns a new identifier of a table, one more than the greatest it ever had.
  int64_t NextId(const std::string& table);
  // Records that a table has, or had, the identifier `id`.
  void RaiseId(const std::string& table, int64_t id);
  // Greatest identifier that a table ever had; 0 if none.
  int64_t LastId(const std::string& table) const;

  // Records that a table has `rows` more rows, or fewer if negative.
  void AddRows(const std::string& table, int64_t rows);
  // Number of rows of a table.
  int64_t Rows(const std::string& table) const;

  // Makes `revision` the newest one and takes over the counters of a restored database. Greatest
  // identifiers that are known already stay if they are greater.
  void Restore(int64_t revision, const Counters& counters);

 private:
  friend class Store;
  WriteContext(Session* session, int64_t head, Counters counters)
      : session_(session), head_(head), counters_(std::move(counters)) {}

  Session* const session_;
  const int64_t head_;
  int64_t revision_ = 0;
  Counters counters_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_WRITE_CONTEXT_H_
