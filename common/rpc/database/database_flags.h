#ifndef CLUSTR_COMMON_RPC_DATABASE_DATABASE_FLAGS_H_
#define CLUSTR_COMMON_RPC_DATABASE_DATABASE_FLAGS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/thread_pool.h"
#include "common/rpc/flags.h"
#include "common/storage/store.h"
#include "google/protobuf/descriptor.h"

namespace clustr::rpc {

// The flags of a server that owns rows, --database and --schema. `rows` says in words what is kept
// there.
std::vector<Flag> DatabaseFlags(const std::string& default_database, const std::string& rows);

// Opens the store that those flags ask for; `more_tables` as in TableSettings, the rest as for
// Store::Open. Null with --schema=create-and-exit: then the tables are made, and there is nothing
// left to do. INVALID_ARGUMENT if --schema is none that is known or does not fit the database;
// otherwise the errors of Store::Open.
absl::StatusOr<std::unique_ptr<storage::Store>> OpenStore(
    const Flags& flags, const std::vector<const google::protobuf::Descriptor*>& models,
    const std::vector<std::string>& more_tables, int read_sessions, ThreadPool* pool);

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_DATABASE_DATABASE_FLAGS_H_
