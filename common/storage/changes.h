#ifndef CLUSTR_COMMON_STORAGE_CHANGES_H_
#define CLUSTR_COMMON_STORAGE_CHANGES_H_

#include <string>
#include <tuple>
#include <vector>

#include "common/storage/session.h"
#include "common/storage/table.h"

namespace clustr::storage {

// Position in the order of all changes: by revision, then by table, with the removals of a table
// after its rows, then by id.
struct ChangePlace {
  int64_t revision = 0;
  int64_t kind = 0;  // 2 * index of the table in ChangeScan's list, plus 1 for a removal.
  int64_t id = 0;

  auto operator<=>(const ChangePlace&) const = default;
  size_t table() const { return static_cast<size_t>(kind / 2); }
  bool removed() const { return kind % 2 == 1; }
};

// Scans the rows of some tables in the order in which they were last changed or removed. Each table
// must have an id and an index on its revision. Immutable: any number of sessions may use one
// ChangeScan at the same time.
class ChangeScan {
 public:
  // Borrows the tables, which must outlive this.
  explicit ChangeScan(std::vector<const Table*> tables);

  // Returns the first `limit` places after `after`, in order; without removals unless
  // `with_removals`. A row is listed at its latest change, so a row that changes during a scan may
  // appear twice but is never missed. Reads O(limit) database pages. Failures of the database are
  // thrown.
  std::vector<ChangePlace> Next(Session& session, const ChangePlace& after, bool with_removals,
                                int64_t limit) const;

 private:
  struct Source {
    int64_t kind;
    std::string table;
    std::string sql;
  };
  std::vector<Source> sources_;
};

// Newest revision in the state that the session reads.
int64_t HeadRevision(Session& session);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_CHANGES_H_
