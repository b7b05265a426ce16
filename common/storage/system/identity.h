#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_IDENTITY_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_IDENTITY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// Version of what the store keeps for itself. A server refuses a database of a newer one. It rises
// when an older server would misread what a newer one has written, or write what a newer one
// misreads. 2: pages have seals, which a server of format 1 would not renew.
inline constexpr int64_t kDatabaseFormat = 2;

// Name of the service that owns a model: catalog for a message of clustr.catalog.v1.
std::string ServiceOf(const google::protobuf::Descriptor& model);

// Records in the counters which history writes from now on; every transaction that takes a revision
// writes the page that holds it anew.
void MarkHistory(Session& session, const std::string& store_id);

// True if the state that the session reads, database and -wal file together, belongs to one
// history, as far as it tells: a -wal file from elsewhere brings the mark of the history that wrote
// it.
bool WalFitsDatabase(Session& session);

// Checks that the database belongs to the service of `models` (their package, clustr.<service>.v1),
// and records that it does, and the format, if nothing or an older format is recorded.
// FAILED_PRECONDITION, with a text for an operator, if it belongs to another service or to another
// program, or was written by a newer version; then nothing is changed. To be called in a write
// transaction, before any table is created. Without models, nothing is checked. Failures of the
// database are thrown.
absl::Status ClaimDatabase(Session& session,
                           const std::vector<const google::protobuf::Descriptor*>& models);

// Checks the same of a database that some service has claimed, and records nothing; true if its
// format is the newest.
absl::StatusOr<bool> CheckClaim(Session& session,
                                const std::vector<const google::protobuf::Descriptor*>& models);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_IDENTITY_H_
