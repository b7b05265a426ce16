#include "common/storage/database.h"

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
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

// How a refusal shows an address: not at all if it may hold a password, because refusals are logged.
std::string Shown(absl::string_view url) {
  if (url.find_first_of("@=?") == absl::string_view::npos) {
    return absl::StrCat("--database=", url);
  }
  return "--database=… (not repeated here, since it may hold a password)";
}

absl::StatusOr<std::string> PathOf(absl::string_view url) {
  absl::string_view path = url;
  // libpq takes both.
  if (absl::StartsWith(url, "postgresql://") || absl::StartsWith(url, "postgres://")) {
    return absl::InvalidArgumentError(
        "--database=postgresql://… is not available in this version; give sqlite:///PATH");
  }
  if (!absl::ConsumePrefix(&path, "sqlite:///") || path.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(Shown(url), " is not a database address; ",
                                                   "give sqlite:///PATH, for example "
                                                   "sqlite:////var/lib/clustr/catalog.db"));
  }
  if (path.find_first_of("\"\n") != absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        Shown(url), " has a quote or a line break in its path; give another path"));
  }
  return std::string(path);
}

// What Database::Open answers when SQLite failed.
absl::Status CannotOpen(const std::string& path, const absl::Status& why) {
  if (IsDamage(why)) {
    return absl::FailedPreconditionError(DamageText(path, "its pages do not fit together"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("cannot open ", path, " as a database (", why.message(),
                   "); restore it from a backup, or give another --database"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> Database::Open(absl::string_view url, int read_sessions) {
  CLUSTR_ASSIGN_OR_RETURN(const std::string path, PathOf(url));
  PrepareSqlite();
  std::unique_ptr<Database> database(new Database(path));
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

void Database::OpenSessions(int read_sessions) {
  const auto open = [this] {
    auto session = std::make_unique<Session>();
    session->set_broken_texts(&broken_texts_);
    OpenSession(path_, &damage_, session.get());
    return session;
  };
  writer_ = open();
  absl::MutexLock lock(&mutex_);
  for (int i = 0; i < read_sessions; ++i) idle_.push_back(open());
}

Database::~Database() {
  check_.reset();
  writer_.reset();
  absl::MutexLock lock(&mutex_);
  idle_.clear();
}

absl::StatusOr<std::unique_ptr<Snapshot>> Database::OpenSnapshot(
    const std::vector<const google::protobuf::Descriptor*>& models,
    const ops::v1::BackupHeader& header) {
  return Snapshot::Open(path_, &damage_, models, header);
}

absl::Status Database::Guard(absl::FunctionRef<absl::Status()> work) {
  return storage::Guard(work);
}

absl::Status Database::Noted(absl::Status status) {
  if (IsDamage(status)) damage_.Report("its pages do not fit together");
  return status;
}

std::vector<std::string> Database::Problems() const {
  std::vector<std::string> problems;
  for (const std::string& problem : {damage_.Problem(), check_->Progress()}) {
    if (!problem.empty()) problems.push_back(problem);
  }
  if (SyncFailed(path_)) {
    problems.push_back(absl::StrCat(
        "the disk did not confirm what was copied into ", path_, ", so ", path_,
        "-wal keeps all writes since, and grows; nothing is lost; check the disk, and restart this "
        "server"));
  }
  for (std::string& problem : broken_texts_.Problems()) problems.push_back(std::move(problem));
  return problems;
}

absl::Status Database::Read(absl::FunctionRef<absl::Status(Session&)> read, const Caller& caller) {
  std::unique_ptr<Session> session;
  {
    const auto has_idle = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !idle_.empty(); };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&has_idle));
    session = std::move(idle_.back());
    idle_.pop_back();
  }
  const absl::Cleanup give_back = [&] {
    absl::MutexLock lock(&mutex_);
    idle_.push_back(std::move(session));
  };
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
