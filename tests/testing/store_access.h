#ifndef CLUSTR_TESTS_TESTING_STORE_ACCESS_H_
#define CLUSTR_TESTS_TESTING_STORE_ACCESS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clustr/ops/v1/backup.pb.h"
#include "common/storage/store.h"

namespace clustr::testing {

// Submits a write and waits until it is durable or refused.
absl::Status Write(storage::Store& store, std::function<absl::Status(storage::WriteContext&)> work,
                   bool validate_only = false);

// Submits the writes behind one that blocks the writer until all are submitted, so that they form
// one commit group. Returns their results in order.
std::vector<absl::Status> WriteTogether(
    storage::Store& store, std::vector<std::function<absl::Status(storage::WriteContext&)>> works);

// The first cell of a query over the committed state.
int64_t ReadInteger(storage::Store& store, const std::string& sql);

// A backup of the newest state, chunk by chunk.
std::vector<ops::v1::BackupChunk> BackUp(storage::Store& store);

// Restores a backup and waits until that is durable or refused.
absl::Status Restore(storage::Store& store, const std::vector<ops::v1::BackupChunk>& chunks);

// BackupEnd.data_sha256 of a whole and undamaged backup.
std::string DigestOf(const std::vector<ops::v1::BackupChunk>& chunks);

}  // namespace clustr::testing

#endif  // CLUSTR_TESTS_TESTING_STORE_ACCESS_H_
