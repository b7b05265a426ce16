#ifndef CLUSTR_COMMON_STORAGE_CHANGES_H_
#define CLUSTR_COMMON_STORAGE_CHANGES_H_

#include <string>
#include <tuple>
#include <vector>

#include "common/storage/session.h"
#include "common/storage/table.h"

namespace clustr::storage {

// Place in the order of all changes: by revision, then table, removals behind rows, then id.
struct ChangePlace {
  int64_t revision = 0;
  int64_t kind = 0;  // 2 * place of the table in the list, one more for a removal.
  int64_t id = 0;

  auto operator<=>(const ChangePlace&) const = default;
  size_t table() const { return static_cast<size_t>(kind / 2); }
  bool removed() const { return kind % 2 == 1; }
};

// The order in which rows of some tables, each with an index on its revision, were last changed or
// removed. Immutable: any number of sessions may use one.
class ChangeScan {
 public:
  // Borrows the tables, which must outlive this.
  explicit ChangeScan(std::vector<const Table*> tables);

  // The first `limit` places behind `after`, in order; removals only if asked for. A row stands
  // where it was last changed, so one that changes during a scan may be met again, never missed.
  // O(limit) pages.
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

// Newest revision in the state that this session reads.
int64_t HeadRevision(Session& session);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_CHANGES_H_
