#include "common/storage/server/server_database.h"

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/storage/changes.h"
#include "common/storage/server/grouped_writes.h"
#include "common/storage/server/turns.h"

namespace clustr::storage {
namespace {

std::string ServerDamageText(absl::string_view name, absl::string_view what) {
  return absl::StrCat(name, " is damaged, or does not have all that was committed: ", what,
                      "; check the log of PostgreSQL, restore the database if it is damaged, and "
                      "restart all servers that use it: those who follow them then start over");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> ServerDatabase::Open(absl::string_view url,
                                                               int read_sessions) {
  CLUSTR_ASSIGN_OR_RETURN(ServerAddress address, ReadServerAddress(url));
  std::unique_ptr<ServerDatabase> database(new ServerDatabase(std::move(address), read_sessions));
  CLUSTR_RETURN_IF_ERROR(database->connector_.Probe());
  return database;
}

ServerDatabase::ServerDatabase(ServerAddress address, int read_sessions)
    : Database(address.shown, &ServerDamageText), connector_(std::move(address), &broken_texts_) {
  for (int i = 0; i < read_sessions; ++i) readers_.Give(nullptr);
}

absl::Status ServerDatabase::Begin(std::unique_ptr<Session>* session,
                                   absl::FunctionRef<void(Session&)> begin) {
  const bool was_open = *session != nullptr;
  while (true) {
    const bool is_new = *session == nullptr;
    if (is_new) {
      CLUSTR_ASSIGN_OR_RETURN(*session, connector_.Connect());
    }
    absl::Status begun = Guard([&] {
      begin(**session);
      return absl::OkStatus();
    });
    if (begun.ok()) return begun;
    *session = nullptr;
    if (!IsUnreachable(begun) || !was_open || is_new) return begun;
  }
}

absl::Status ServerDatabase::Read(absl::FunctionRef<absl::Status(Session&)> read,
                                  const Caller& caller) {
  std::unique_ptr<Session> session = readers_.Take();
  const absl::Cleanup give_back = [&] { readers_.Give(std::move(session)); };
  CLUSTR_RETURN_IF_ERROR(caller.Waits());  // The wait for a session may have been long.
  CLUSTR_RETURN_IF_ERROR(Begin(&session, [](Session& opened) {
    opened.Prepared("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").Change();
  }));
  Cancellation::Watch watch(&cancellation_, *session, caller);
  absl::Status status = Guard([&] { return read(*session); });
  if (absl::Status gone = watch.End(); !gone.ok()) {
    session = nullptr;
    return gone;
  }
  const absl::Status ended = Guard([&] {
    session->Prepared("COMMIT").Change();
    return absl::OkStatus();
  });
  if (!ended.ok() || IsUnreachable(status)) session = nullptr;
  return Noted(status.ok() ? ended : status);
}

absl::StatusOr<std::unique_ptr<Snapshot>> ServerDatabase::OpenSnapshot(
    const std::vector<const google::protobuf::Descriptor*>& models,
    const ops::v1::BackupHeader& header) {
  CLUSTR_ASSIGN_OR_RETURN(std::unique_ptr<Session> session, connector_.Connect());
  CLUSTR_RETURN_IF_ERROR(Noted(Guard([&] {
    // Tables are read in the order of their keys: along the index, so that the first rows come at
    // once, and not out of a sort of the whole table, which takes room on the disk.
    session->Run("SET enable_sort = off");
    session->Run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    HeadRevision(*session);  // The first read chooses the state.
    return absl::OkStatus();
  })));
  return std::make_unique<Snapshot>(std::move(session), /*wal_path=*/"", models, header);
}

absl::Status ServerDatabase::BeginOnWriter(absl::FunctionRef<void(Session&)> begin) {
  CLUSTR_RETURN_IF_ERROR(damage_.Check());
  // A transaction that could not be ended goes with its connection.
  if (writer_ != nullptr && PQtransactionStatus(ConnectionOf(*writer_)) != PQTRANS_IDLE) {
    writer_ = nullptr;
  }
  if (writer_ != nullptr) writer_->grouped()->Reset();
  CLUSTR_RETURN_IF_ERROR(Begin(&writer_, [&](Session& session) {
    if (session.grouped() == nullptr) {
      // The writer looks up by keys. A plan that was made while a table was empty would read all of
      // it for that, until PostgreSQL has counted its rows.
      session.Run("SET enable_seqscan = off");
      session.GroupWrites();
    }
    begin(session);
  }));
  peers_.SetWriter(writer_.get());
  return absl::OkStatus();
}

absl::Status ServerDatabase::BeginUpgrade() { return BeginOnWriter(&BeginUpgradeTurn); }

absl::Status ServerDatabase::BeginWrite() { return BeginOnWriter(&BeginWriteTurn); }

absl::Status ServerDatabase::Commit() {
  // If somebody cancels the wait for a standby, PostgreSQL only warns that the transaction may be
  // lost with this server.
  bool warned = false;
  PGconn* connection = ConnectionOf(*writer_);
  const PQnoticeReceiver before = PQsetNoticeReceiver(
      connection,
      [](void* was_warned, const PGresult* notice) {
        const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
        if (severity == absl::string_view("WARNING")) *static_cast<bool*>(was_warned) = true;
      },
      &warned);
  const absl::Status committed = Database::Commit();
  PQsetNoticeReceiver(connection, before, nullptr);
  return warned ? absl::InternalError("no standby has confirmed the transaction") : committed;
}

void ServerDatabase::Rollback() {
  if (writer_ == nullptr) return;
  writer_->grouped()->Reset();
  // Without its connection, the transaction has ended without effect anyway.
  Guard([this] {
    writer_->Run("ROLLBACK");
    return absl::OkStatus();
  }).IgnoreError();
}

std::vector<std::string> ServerDatabase::Problems() const {
  std::vector<std::string> problems = CommonProblems();
  for (std::string& problem : connector_.Problems()) problems.push_back(std::move(problem));
  return problems;
}

}  // namespace clustr::storage
