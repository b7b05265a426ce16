#ifndef CLUSTR_COMMON_STORAGE_SERVER_POOLER_H_
#define CLUSTR_COMMON_STORAGE_SERVER_POOLER_H_

#include <libpq-fe.h>

#include <string>

namespace clustr::storage {

// Returns why a server cannot work through the pooler, such as PgBouncer, that `connection` leads
// to; empty if it can, or if there is no pooler. A pooler does not work if it lends a session of
// PostgreSQL for one transaction or statement only, because prepared statements, LISTEN and session
// locks get lost, or if it offers no second session. Opens a second connection by `address` to
// find out, and only if there is a pooler.
std::string PoolerProblem(PGconn* connection, const std::string& address);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_POOLER_H_
