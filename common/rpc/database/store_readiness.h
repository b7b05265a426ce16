#ifndef CLUSTR_COMMON_RPC_DATABASE_STORE_READINESS_H_
#define CLUSTR_COMMON_RPC_DATABASE_STORE_READINESS_H_

#include <functional>
#include <string>
#include <vector>

#include "common/storage/store.h"

namespace clustr::rpc {

// Sets the health of a service, or of "" for the whole server, as in Program::Started.
using SetServing = std::function<void(const std::string& service, bool serving)>;

// Reports `services`, and "", as SERVING by `set_serving`, which is called on any thread, one call
// at a time, until the store ends: at once, but not while a backup is being restored, and not after
// damage to the database was found. Call this once for a store.
void ReportReadiness(storage::Store* store, std::vector<std::string> services,
                     SetServing set_serving);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_DATABASE_STORE_READINESS_H_
