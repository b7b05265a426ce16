#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_IDENTITY_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_IDENTITY_H_

#include <vector>

#include "absl/status/status.h"
#include "common/storage/session.h"
#include "google/protobuf/descriptor.h"

namespace clustr::storage {

// Version of the tables that the store keeps for itself. A server refuses a database of a newer
// one. It rises when an older server would misread what a newer one has written.
inline constexpr int64_t kDatabaseFormat = 1;

// Checks that the database belongs to the service of `models` (their package, clustr.<service>.v1),
// and records that it does if nothing is recorded yet. FAILED_PRECONDITION, with a text for an
// operator, if it belongs to another service or to another program, or was written by a newer
// version; then nothing is changed. To be called in a write transaction, before any table is
// created. Without models, nothing is checked. Failures of the database are thrown.
absl::Status ClaimDatabase(Session& session,
                           const std::vector<const google::protobuf::Descriptor*>& models);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_IDENTITY_H_
