#ifndef CLUSTR_COMMON_STORAGE_SERVER_SERVER_ADDRESS_H_
#define CLUSTR_COMMON_STORAGE_SERVER_SERVER_ADDRESS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clustr::storage {

// Where the server of a database is.
struct ServerAddress {
  std::string connection;  // As libpq takes it, `key='value' …`. Holds no password.
  std::string shown;       // For messages: postgresql://HOST:PORT/DATABASE.
};

// True if a --database names a PostgreSQL server: postgresql://… or postgres://….
bool IsServerAddress(absl::string_view url);

// Reads such an address, with all parameters that libpq knows. What it does not say, libpq takes
// from the environment (PGPASSFILE, PGSSLMODE, …); in its absence, a connection may take five
// seconds, must lead to a server that accepts writes, and is given up when the other side does not
// answer for ten seconds. INVALID_ARGUMENT, for an operator, if libpq cannot read it, or if it
// holds a password: command lines are seen by every user of a machine. No message repeats it.
absl::StatusOr<ServerAddress> ReadServerAddress(absl::string_view url);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_SERVER_ADDRESS_H_
