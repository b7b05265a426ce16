#include "common/storage/server/connector.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/storage/server/pooler.h"
#include "common/storage/sql/guard.h"
#include "common/storage/sql/sqlstate.h"
#include "soci/postgresql/soci-postgresql.h"

namespace clustr::storage {
namespace {

constexpr absl::Duration kFirstDelay = absl::Milliseconds(100);
constexpr absl::Duration kLongestDelay = absl::Seconds(1);
constexpr int kOldestVersion = 130000;

// What each session needs. A transaction of a server that hangs or whose machine is gone must not
// hold the others for ever; compiling queries costs more than our short ones take; a cursor is read
// to its end; and a commit is on disk when it is confirmed, even where the database is configured
// otherwise.
constexpr char kSettings[] = R"sql(
  SELECT set_config('synchronous_commit', 'on', false)
  WHERE current_setting('synchronous_commit') = 'off';
  SET client_encoding = 'UTF8';
  SET lock_timeout = '10s';
  SET idle_in_transaction_session_timeout = '60s';
  SET tcp_keepalives_idle = 5;
  SET tcp_keepalives_interval = 2;
  SET tcp_keepalives_count = 3;
  SET cursor_tuple_fraction = 1;
  SET jit = off)sql";

absl::Status Refusal(const ServerAddress& address, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("cannot use ", address.shown, ": ", why));
}

std::string OneLine(absl::string_view text) {
  return absl::StrReplaceAll(absl::StripAsciiWhitespace(text), {{"\n", " "}});
}

std::string FirstCell(PGconn* connection, const char* sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection, sql), &PQclear);
  return PQresultStatus(result.get()) == PGRES_TUPLES_OK ? PQgetvalue(result.get(), 0, 0) : "";
}

}  // namespace

PGconn* ConnectionOf(Session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.sql().get_backend())->conn_;
}

Connector::Connector(ServerAddress address, BrokenTexts* broken_texts)
    : address_(std::move(address)), broken_texts_(broken_texts) {}

absl::Status Connector::Probe() const {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
      PQconnectdb(address_.connection.c_str()), &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return Refusal(
        address_,
        absl::StrCat(OneLine(PQerrorMessage(connection.get())),
                     "; check that the server runs and lets this user in (PGPASSFILE names the "
                     "file with the password), or give another --database"));
  }
  if (PQserverVersion(connection.get()) < kOldestVersion) {
    return Refusal(address_, "the server is older than PostgreSQL 13; give a newer one");
  }
  const std::string encoding = FirstCell(connection.get(), "SHOW server_encoding");
  if (encoding != "UTF8") {
    return Refusal(address_, absl::StrCat("its texts are in ", encoding,
                                          "; make a database with ENCODING 'UTF8'"));
  }
  if (FirstCell(connection.get(), "SELECT current_schema()").empty()) {
    return Refusal(address_,
                   "its search_path names no schema that exists and that this user may use; make "
                   "one, GRANT USAGE on it, or set search_path");
  }
  if (FirstCell(connection.get(), "SHOW fsync") != "on") {
    return Refusal(address_, "the server confirms writes that are not on disk; set fsync = on");
  }
  if (std::string problem = PoolerProblem(connection.get(), address_.connection);
      !problem.empty()) {
    return Refusal(address_, problem);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Session>> Connector::Connect() {
  {
    absl::MutexLock lock(&mutex_);
    if (!next_attempt_.passed()) return StatusOfSqlstate("");
  }
  auto session = std::make_unique<Session>();
  session->set_broken_texts(broken_texts_);
  std::string said;
  const absl::Status connected = Guard(
      [&] {
        session->sql().open(soci::postgresql, address_.connection);
        // libpq would write the notices of the server to the standard error.
        PQsetNoticeProcessor(
            ConnectionOf(*session), [](void*, const char*) {}, nullptr);
        session->Run(kSettings);
        return absl::OkStatus();
      },
      &said);
  Note(connected, said);
  // SOCI gives no code for a connection that fails.
  if (!connected.ok()) return StatusOfSqlstate("");
  return session;
}

void Connector::Note(const absl::Status& connected, const std::string& said) {
  absl::MutexLock lock(&mutex_);
  why_ = OneLine(said);
  if (connected.ok()) {
    failing_since_ = SteadyTime::min();
    delay_ = absl::ZeroDuration();
    next_attempt_ = Deadline(SteadyTime::min());
    return;
  }
  if (failing_since_ == SteadyTime::min()) failing_since_ = SteadyNow();
  delay_ = std::clamp(2 * delay_, kFirstDelay, kLongestDelay);
  next_attempt_ = Deadline::In(delay_);
}

std::vector<std::string> Connector::Problems() const {
  absl::MutexLock lock(&mutex_);
  if (failing_since_ == SteadyTime::min()) return {};
  return {absl::StrCat("the database server ", address_.shown, " could not be reached for ",
                       absl::ToInt64Seconds(Since(failing_since_)), " s",
                       why_.empty() ? "" : absl::StrCat(" (", why_, ")"),
                       "; check it and the network; this server connects again by itself")};
}

}  // namespace clustr::storage
