#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_HISTORIES_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_HISTORIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/storage/session.h"
#include "common/storage/system/counters.h"

namespace clustr::storage {

// A history and how far somebody has seen it.
struct SeenHistory {
  std::string store_id;
  int64_t revision = 0;
};

// Records that the history `store_id` begins behind `head`, in the caller's transaction. Failures
// of the database are thrown.
void RecordHistory(Session& session, const std::string& store_id, int64_t head,
                   const Counters& counters);

// The histories of a database: each start of a server begins one. A copy of a database shares the
// histories up to the moment at which it was made, and no later one. Immutable once loaded, and
// then thread-safe.
class Histories {
 public:
  struct History {
    std::string store_id;
    int64_t first_revision = 0;
    // Greatest identifier of each table when the history began. Empty for a history that an earlier
    // version began.
    absl::flat_hash_map<std::string, int64_t> last_ids;
  };

  // Loads all, in place of those that were loaded before. Failures of the database are thrown.
  void Load(Session& session);

  // Id of the newest one. There must be one.
  const std::string& newest() const { return histories_.back().store_id; }

  // True if the history `store_id` reached `revision`; `head` is the newest revision.
  bool Reached(const SeenHistory& seen, int64_t head) const;

  // If this database does not have all that was seen (newest first), because an older copy took its
  // place: the first history that was not seen before that. Unset if it has it all.
  std::optional<History> BranchOf(const std::vector<SeenHistory>& seen, int64_t head) const;

 private:
  // Index of a history; the number of histories if there is no such one.
  size_t Find(const std::string& store_id) const;

  std::vector<History> histories_;  // Oldest first.
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_HISTORIES_H_
