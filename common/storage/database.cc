#include "common/storage/database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "soci/sqlite3/soci-sqlite3.h"

namespace clustr::storage {
namespace {

constexpr int kBusy = 5;
constexpr int kLocked = 6;
constexpr int kInterrupted = 9;
constexpr int kFull = 13;
constexpr int kNotADatabase = 26;

void OpenSession(const std::string& path, BrokenTexts* broken_texts, Session* session) {
  session->set_broken_texts(broken_texts);
  session->sql().open(soci::sqlite3, absl::StrCat("db=\"", path, "\" timeout=10"));
  session->Run("PRAGMA journal_mode = WAL");
  session->Run("PRAGMA synchronous = FULL");
  session->Run("PRAGMA cache_size = -16384");
  session->Run("PRAGMA wal_autocheckpoint = 4000");
  session->Run("PRAGMA temp_store = MEMORY");
}

// SQLite's memory statistics take a global lock, for which reading threads would wait. Must be
// called before the first session of the process is opened.
void SwitchOffMemoryStatistics() {
  static const int done = sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)done;
}

absl::StatusOr<std::string> PathOf(absl::string_view url) {
  absl::string_view path = url;
  if (absl::StartsWith(url, "postgresql://")) {
    return absl::InvalidArgumentError(
        "--database=postgresql://… is not available in this version; give sqlite:///PATH");
  }
  if (!absl::ConsumePrefix(&path, "sqlite:///") || path.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("--database=", url,
                                                   " is not a database address; ",
                                                   "give sqlite:///PATH, for example "
                                                   "sqlite:////var/lib/clustr/catalog.db"));
  }
  if (path.find_first_of("\"\n") != absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--database=", url, " has a quote or a line break in its path; give another path"));
  }
  return std::string(path);
}

// Opens the database file, or creates it for this user alone, and locks it. The lock belongs to the
// file itself, so it holds whatever path or link leads another server there. The returned
// descriptor must be closed after all sessions: closing it releases the locks that SQLite holds.
absl::StatusOr<int> LockFile(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty() && std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  const int file = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot write to ", path, "; give a file in a folder that this user may write to"));
  }
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    close(file);
    return absl::FailedPreconditionError(
        absl::StrCat("another server has ", path, " open; stop it, or give another --database"));
  }
  return file;
}

// While it lives, interrupts the session's statements once the caller no longer waits.
class Interruption {
 public:
  Interruption(Session& session, const Caller& caller)
      : connection_(
            static_cast<soci::sqlite3_session_backend*>(session.sql().get_backend())->conn_),
        caller_(caller) {
    sqlite_api::sqlite3_progress_handler(connection_, kSteps, &Interruption::Look, this);
  }
  ~Interruption() { sqlite_api::sqlite3_progress_handler(connection_, 0, nullptr, nullptr); }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // Why a statement was interrupted; OK if none was.
  const absl::Status& reason() const { return reason_; }

 private:
  static constexpr int kSteps = 20'000;  // Instructions of SQLite's VM, less than a millisecond.

  static int Look(void* self) {
    auto& interruption = *static_cast<Interruption*>(self);
    interruption.reason_ = interruption.caller_.Waits();
    return interruption.reason_.ok() ? 0 : 1;
  }

  sqlite_api::sqlite3* const connection_;
  const Caller& caller_;
  absl::Status reason_;
};

}  // namespace

absl::Status Database::Guard(absl::FunctionRef<absl::Status()> work) {
  try {
    return work();
  } catch (const soci::sqlite3_soci_error& error) {
    const int code = error.result() & 0xFF;
    if (code == kInterrupted) return absl::CancelledError("the statement was interrupted");
    Log(LogLevel::kError, "database", {{"sqlite_code", absl::StrCat(error.result())}});
    if (code == kFull) {
      return MakeError(common::v1::ERROR_REASON_DISK_FULL,
                       "the disk is full: nothing was stored; make room and try again");
    }
    if (code == kBusy || code == kLocked) {
      return MakeError(common::v1::ERROR_REASON_DATABASE_BUSY, "the database is busy; try again");
    }
    if (code == kNotADatabase) return absl::DataLossError("the file is not a database");
    return absl::InternalError("the database failed; the log has the error code");
  } catch (const soci::soci_error&) {
    Log(LogLevel::kError, "database", {{"sqlite_code", "unknown"}});
    return absl::InternalError("the database failed; the log has the error code");
  }
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(absl::string_view url, int read_sessions) {
  CLUSTR_ASSIGN_OR_RETURN(const std::string path, PathOf(url));
  CLUSTR_ASSIGN_OR_RETURN(const int lock_file, LockFile(path));
  SwitchOffMemoryStatistics();
  std::unique_ptr<Database> database(new Database(lock_file));
  const absl::Status opened = Guard([&] {
    database->writer_ = std::make_unique<Session>();
    OpenSession(path, &database->broken_texts_, database->writer_.get());
    absl::MutexLock lock(&database->mutex_);
    for (int i = 0; i < read_sessions; ++i) {
      database->idle_.push_back(std::make_unique<Session>());
      OpenSession(path, &database->broken_texts_, database->idle_.back().get());
    }
    return absl::OkStatus();
  });
  if (!opened.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open ", path, " as a database (", opened.message(),
                     "); restore it from a backup, or give another --database"));
  }
  return database;
}

Database::~Database() {
  writer_.reset();
  {
    absl::MutexLock lock(&mutex_);
    idle_.clear();
  }
  close(lock_file_);
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
  return status.ok() ? ended : status;
}

}  // namespace clustr::storage
