#ifndef CLUSTR_COMMON_STORAGE_SERVER_POOLER_H_
#define CLUSTR_COMMON_STORAGE_SERVER_POOLER_H_

#include <libpq-fe.h>

#include <string>

namespace clustr::storage {

// Why a pooler such as PgBouncer, through which `connection` goes, is of no use to us: it does not
// keep a session of PostgreSQL for each connection, but lends one for a transaction or a statement,
// so that prepared statements, LISTEN and session locks get lost; or it has no second session for
// us. Empty if all is well, or if there is no pooler. Opens a second connection by `address` to
// find out, and only if there is a pooler.
std::string PoolerProblem(PGconn* connection, const std::string& address);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SERVER_POOLER_H_
