#ifndef CLUSTR_SERVICES_BUNDLES_PROGRAM_WRITE_NOW_H_
#define CLUSTR_SERVICES_BUNDLES_PROGRAM_WRITE_NOW_H_

#include <functional>

#include "absl/status/status.h"
#include "common/storage/store.h"

namespace clustr::bundles {

// Runs one write and blocks until it is durable. Must not be called on a thread of the store's
// pool.
absl::Status WriteNow(storage::Store& store,
                      std::function<absl::Status(storage::WriteContext&)> work);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_PROGRAM_WRITE_NOW_H_
