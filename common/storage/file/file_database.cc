#include "common/storage/file/file_database.h"

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/storage/changes.h"
#include "common/storage/file/interruption.h"
#include "common/storage/file/opening.h"
#include "common/storage/file/sealing_vfs.h"
#include "soci/sqlite3/soci-sqlite3.h"

namespace clustr::storage {
namespace {

// How long a start waits for the check of the file, so that a server with a small file never serves
// before it was checked.
constexpr absl::Duration kCheckPatience = absl::Seconds(2);

// To be called before the first session of the process is opened.
void PrepareSqlite() {
  static const int done = [] {
    // The statistics take a global lock, for which reading threads would wait.
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    InstallSealingVfs();
    return 0;
  }();
  (void)done;
}

// What FileDatabase::Open answers when SQLite failed.
absl::Status CannotOpen(const std::string& path, const absl::Status& why) {
  if (IsDamage(why)) {
    return absl::FailedPreconditionError(DamageText(path, "its pages do not fit together"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("cannot open ", path, " as a database (", why.message(),
                   "); restore it from a backup, or give another --database"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> FileDatabase::Open(const std::string& path,
                                                             int read_sessions) {
  PrepareSqlite();
  std::unique_ptr<FileDatabase> database(new FileDatabase(path));
  absl::Status refused;
  const absl::Status opened = Guard([&] {
    refused = CreateIfMissing(path);
    if (!refused.ok()) return absl::OkStatus();
    absl::StatusOr<ReadyFile> file = MakeReady(path);
    refused = file.status();
    if (!refused.ok()) return absl::OkStatus();
    database->lock_ = std::move(file->lock);
    database->OpenSessions(read_sessions);
    database->check_ = std::make_unique<BackgroundCheck>(path, database->lock_.get(), file->state,
                                                         &database->damage_);
    return absl::OkStatus();
  });
  CLUSTR_RETURN_IF_ERROR(refused);
  if (!opened.ok()) return CannotOpen(path, opened);
  if (database->check_->Wait(kCheckPatience) && database->damage_.found()) {
    return absl::FailedPreconditionError(database->damage_.Problem());
  }
  return database;
}

void FileDatabase::OpenSessions(int read_sessions) {
  const auto open = [this] {
    auto session = std::make_unique<Session>();
    session->set_broken_texts(&broken_texts_);
    OpenSession(path_, &damage_, session.get());
    return session;
  };
  writer_ = open();
  for (int i = 0; i < read_sessions; ++i) readers_.Give(open());
}

FileDatabase::~FileDatabase() {
  check_.reset();
  writer_.reset();
  readers_.Clear();
}

absl::StatusOr<std::unique_ptr<Snapshot>> FileDatabase::OpenSnapshot(
    const std::vector<const google::protobuf::Descriptor*>& models,
    const ops::v1::BackupHeader& header) {
  auto session = std::make_unique<Session>();
  CLUSTR_RETURN_IF_ERROR(Guard([&] {
    session->set_broken_texts(&broken_texts_);
    OpenSession(path_, &damage_, session.get());
    session->Run("BEGIN");
    HeadRevision(*session);  // The first read chooses the state.
    return absl::OkStatus();
  }));
  return std::make_unique<Snapshot>(std::move(session), path_ + "-wal", models, header);
}

absl::Status FileDatabase::BeginUpgrade() {
  return Guard([this] {
    writer_->Run("BEGIN IMMEDIATE");
    return absl::OkStatus();
  });
}

absl::Status FileDatabase::BeginWrite() {
  return Guard([this] {
    CLUSTR_RETURN_IF_ERROR(damage_.Check());
    writer_->Prepared("BEGIN IMMEDIATE").Change();
    return absl::OkStatus();
  });
}

void FileDatabase::Rollback() {
  // SQLite may have rolled back already; the ROLLBACK then fails and is ignored.
  Guard([this] {
    writer_->Run("ROLLBACK");
    return absl::OkStatus();
  }).IgnoreError();
}

bool FileDatabase::EmptyLog() { return EmptyWal(*writer_); }

bool FileDatabase::Purge(int patience_ms) {
  const bool purged = EmptyWal(*writer_, patience_ms);
  if (purged) DropCachedPages(*writer_);
  return purged;
}

std::vector<std::string> FileDatabase::Problems() const {
  std::vector<std::string> problems = CommonProblems();
  if (std::string progress = check_->Progress(); !progress.empty()) {
    problems.push_back(std::move(progress));
  }
  if (SyncFailed(path_)) {
    problems.push_back(absl::StrCat(
        "the disk did not confirm what was copied into ", path_, ", so ", path_,
        "-wal keeps all writes since, and grows; nothing is lost; check the disk, and restart this "
        "server"));
  }
  return problems;
}

absl::Status FileDatabase::Read(absl::FunctionRef<absl::Status(Session&)> read,
                                const Caller& caller) {
  std::unique_ptr<Session> session = readers_.Take();
  const absl::Cleanup give_back = [&] { readers_.Give(std::move(session)); };
  CLUSTR_RETURN_IF_ERROR(caller.Waits());  // The wait for a session may have been long.
  const absl::Status status = Guard([&] {
    session->Prepared("BEGIN").Change();
    const Interruption interruption(*session, caller);
    const absl::Status done = Guard([&] { return read(*session); });
    return interruption.reason().ok() ? done : interruption.reason();
  });
  const absl::Status ended = Guard([&] {
    session->Prepared("COMMIT").Change();
    return absl::OkStatus();
  });
  return Noted(status.ok() ? ended : status);
}

}  // namespace clustr::storage
