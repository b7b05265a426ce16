#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_COUNTERS_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_COUNTERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

// The counters that a store keeps in the table clustr_counters, in the transaction that changes
// them. Used on the writer thread only; failures of the database are thrown.
namespace clustr::storage {

// Counters of one table.
struct TableCounters {
  int64_t last_id = 0;  // Greatest identifier that the table ever had.
  int64_t rows = 0;     // Number of rows.

  bool operator==(const TableCounters&) const = default;
};
using Counters = absl::flat_hash_map<std::string, TableCounters>;  // Keyed by table name.

struct StoredCounters {
  int64_t head_revision = 0;
  int64_t restores = 0;  // How many backups were restored into this database.
  Counters tables;
};

// Reads all counters.
StoredCounters LoadCounters(Session& session);

// Writes the head revision, and the counters of `tables` that differ from those of `saved`.
void SaveCounters(Session& session, int64_t head_revision, const Counters& saved,
                  const Counters& tables);

// Counts one more restored backup, so that other servers of the database notice it.
void CountRestore(Session& session);

// Takes back counters that came near schema::kMaxId because a row with such an id was stored, which
// earlier versions allowed: new rows would soon get no id. The counter of such a table becomes the
// greatest id at or below schema::kMaxGivenId that a row or a tombstone of it has, so no id is used
// twice. O(log rows) per table.
void RestoreIdCounters(Session& session,
                       const std::vector<const google::protobuf::Descriptor*>& models,
                       Counters* tables);

// A sentence for an operator, with the remedy, about each table that runs out of ids.
std::vector<std::string> IdProblems(const Counters& tables);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_COUNTERS_H_
