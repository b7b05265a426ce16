#include "common/storage/server/pooler.h"

#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace clustr::storage {
namespace {

constexpr int kRounds = 20;
constexpr char kProblem[] =
    "a pooler stands before it that does not keep a session for a client; set pool_mode = session "
    "there, or give the address of PostgreSQL itself";

// The process of PostgreSQL that answers; 0 if none does.
int BackendOf(PGconn* connection) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(
      PQexec(connection, "SELECT pg_backend_pid()"), &PQclear);
  return PQresultStatus(result.get()) == PGRES_TUPLES_OK ? atoi(PQgetvalue(result.get(), 0, 0)) : 0;
}

// Returns the error message of libpq for the last failure, in one line.
std::string Line(PGconn* connection) {
  return absl::StrReplaceAll(absl::StripAsciiWhitespace(PQerrorMessage(connection)), {{"\n", " "}});
}

bool Runs(PGconn* connection, const char* sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection, sql), &PQclear);
  return PQresultStatus(result.get()) == PGRES_COMMAND_OK;
}

}  // namespace

std::string PoolerProblem(PGconn* connection, const std::string& address) {
  // A pooler gives out numbers of its own for the processes.
  const int backend = BackendOf(connection);
  if (backend == PQbackendPID(connection)) return "";
  if (!Runs(connection, "BEGIN") || !Runs(connection, "COMMIT")) return kProblem;
  const std::unique_ptr<PGconn, decltype(&PQfinish)> other(PQconnectdb(address.c_str()), &PQfinish);
  // A session of our own always runs in the same process of PostgreSQL. A pooler that lends
  // sessions gives each transaction whichever session is free. While other clients use the pooler,
  // we may get the same one by chance, but not in every round.
  for (int round = 0; round < kRounds; ++round) {
    if (BackendOf(connection) != backend) return kProblem;
    if (PQstatus(other.get()) != CONNECTION_OK || !Runs(other.get(), "BEGIN")) {
      return absl::StrCat("the pooler before it gives no second session (", Line(other.get()),
                          "); this server needs several");
    }
    if (BackendOf(other.get()) == backend) return kProblem;
    if (BackendOf(connection) != backend || !Runs(other.get(), "COMMIT")) return kProblem;
  }
  return "";
}

}  // namespace clustr::storage
