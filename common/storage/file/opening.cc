#include "common/storage/file/opening.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/storage/file/page_seal.h"
#include "common/storage/file/sealing_vfs.h"
#include "common/storage/file/structure_check.h"
#include "common/storage/file/wal_check.h"
#include "common/storage/system/identity.h"
#include "soci/sqlite3/soci-sqlite3.h"

namespace clustr::storage {

using schema::CellType;

namespace {

// How long a statement waits for a lock that another program holds.
constexpr int kBusyMs = 10'000;

sqlite_api::sqlite3* ConnectionOf(Session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.sql().get_backend())->conn_;
}

void Connect(const std::string& path, Session* session) {
  session->sql().open(soci::sqlite3, absl::StrCat("db=\"", path, "\" timeout=", kBusyMs / 1000));
}

// New pages of the file, or of a copy that VACUUM makes of it, get room for seals.
void ReserveRoomForSeals(Session& session) {
  int bytes = kSealBytes;
  sqlite_api::sqlite3_file_control(ConnectionOf(session), "main", SQLITE_FCNTL_RESERVE_BYTES,
                                   &bytes);
}

// While the session may turn out to be connected to a -wal file of another database, closing it
// must not copy that one into the database.
void CopyWalWhenClosed(Session& session, bool copy) {
  sqlite_api::sqlite3_db_config(ConnectionOf(session), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                                copy ? 0 : 1, nullptr);
}

absl::Status Refusal(const std::string& path, absl::string_view what) {
  return absl::FailedPreconditionError(DamageText(path, what));
}

bool Checkpoint(Session& session, absl::string_view mode) {
  Statement copy(session, absl::StrCat("PRAGMA wal_checkpoint(", mode, ")"), {},
                 {CellType::kInteger, CellType::kInteger, CellType::kInteger});
  copy.Execute();
  bool all = false;
  while (copy.Fetch()) all = copy.integer(0) == 0 && copy.integer(1) == copy.integer(2);
  return all;
}

// Takes what the -wal file holds into the database. Seals are not checked meanwhile, because pages
// that are to be replaced may be half written.
absl::Status TakeInWal(const std::string& path) {
  if (const std::string damage = FindWalDamage(path); !damage.empty()) {
    return Refusal(path, damage);
  }
  Session session;
  Connect(path, &session);
  CopyWalWhenClosed(session, false);
  if (!WalFitsDatabase(session)) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, "-wal belongs to another database, or to another copy of this one; move ", path,
        "-wal and ", path, "-shm away if a backup was put in place of ", path,
        "; otherwise put its own -wal back"));
  }
  CopyWalWhenClosed(session, true);
  if (EmptyWal(session) || Checkpoint(session, "PASSIVE")) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("another program reads an earlier state of ", path, "; end that program"));
}

// Writes the database anew, with seals. A copy that another program made may hold pages that cannot
// be checked, so its structure is checked instead.
absl::Status WriteSealed(const std::string& path, FileDescriptor* lock) {
  const std::string real_path = std::filesystem::canonical(path);
  const std::string sealed = absl::StrCat(real_path, kSealedCopySuffix);
  std::remove(sealed.c_str());
  absl::Cleanup remove_unfinished = [&] { std::remove(sealed.c_str()); };
  Log(LogLevel::kInfo, "giving the pages of the database checksums", {{"file", path}});
  {
    Session session;
    Connect(real_path, &session);
    if (const std::string damage = FindStructureDamage(session, ""); !damage.empty()) {
      return Refusal(path, damage);
    }
    ReserveRoomForSeals(session);
    Statement vacuum(session, "VACUUM INTO :file", {CellType::kText}, {});
    vacuum.SetText(0, sealed);
    vacuum.Change();
  }
  FileDescriptor file(open(sealed.c_str(), O_RDWR | O_CLOEXEC));
  struct stat about;
  if (file.get() < 0 || flock(file.get(), LOCK_EX | LOCK_NB) != 0 ||
      fstat(lock->get(), &about) != 0 || fchmod(file.get(), about.st_mode & 07777) != 0 ||
      fchown(file.get(), about.st_uid, about.st_gid) != 0 || fsync(file.get()) != 0 ||
      std::filesystem::exists(real_path + "-wal") ||
      std::rename(sealed.c_str(), real_path.c_str()) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot replace ", path,
                     " by a copy with checksums; end other programs that "
                     "have it open, and let this user write to its folder"));
  }
  SyncFolderOf(real_path);
  std::move(remove_unfinished).Cancel();
  *lock = std::move(file);
  return absl::OkStatus();
}

}  // namespace

void OpenSession(const std::string& path, Damage* damage, Session* session) {
  Connect(path, session);
  sqlite_api::sqlite3_file_control(ConnectionOf(*session), "main", kReportDamageTo, damage);
  ReserveRoomForSeals(*session);
  session->Run("PRAGMA journal_mode = WAL");
  session->Run("PRAGMA synchronous = FULL");
  session->Run("PRAGMA cache_size = -16384");
  session->Run("PRAGMA wal_autocheckpoint = 4000");
  session->Run("PRAGMA temp_store = MEMORY");
  // Deleted rows, among them personal data, are overwritten and not only forgotten.
  session->Run("PRAGMA secure_delete = ON");
}

bool EmptyWal(Session& session, int patience_ms) {
  sqlite_api::sqlite3_busy_timeout(ConnectionOf(session), patience_ms);
  const absl::Cleanup restore = [&] {
    sqlite_api::sqlite3_busy_timeout(ConnectionOf(session), kBusyMs);
  };
  return Checkpoint(session, "TRUNCATE");
}

void DropCachedPages(Session& session) {
  sqlite_api::sqlite3_db_release_memory(ConnectionOf(session));
}

absl::Status CreateIfMissing(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  std::vector<std::filesystem::path> missing;
  for (auto one = folder; !one.empty() && !std::filesystem::exists(one, error);) {
    missing.push_back(one);
    one = one.parent_path();
  }
  if (!folder.empty() && std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  // A new folder is lost in a power cut, with the database in it, until its parent is on the disk.
  for (const auto& one : missing) SyncFolderOf(one);
  if (std::filesystem::exists(path, error)) return absl::OkStatus();
  std::string unfinished = path + ".XXXXXX";
  const FileDescriptor file(mkstemp(unfinished.data()));
  if (file.get() < 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot write to ", path, "; give a file in a folder that this user may write to"));
  }
  const absl::Cleanup remove = [&] {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"})
      unlink((unfinished + suffix).c_str());
  };
  {
    Session session;
    OpenSession(unfinished, nullptr, &session);
  }
  // SQLite does not report every error of a change to the journal mode.
  if (const FileState state = InspectFile(file.get()); state.kind != FileKind::kSealed) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot create ", path, ", because its disk failed (", state.damage,
                     "); check the disk, or give another --database"));
  }
  // Unlike a renamed file, a link does not replace a database that another server created.
  if (link(unfinished.c_str(), path.c_str()) != 0 && !std::filesystem::exists(path, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot create ", path, "; give a file in a folder that allows hard links"));
  }
  SyncFolderOf(path);
  return absl::OkStatus();
}

absl::StatusOr<ReadyFile> MakeReady(const std::string& path) {
  ReadyFile ready;
  CLUSTR_ASSIGN_OR_RETURN(ready.lock, LockFile(path));
  ForgetFailedSync(path);
  if (!IsDatabase(ready.lock.get())) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, " is not a database; restore it from a backup, or give another --database"));
  }
  CLUSTR_RETURN_IF_ERROR(TakeInWal(path));
  ready.state = InspectFile(ready.lock.get());
  if (ready.state.kind == FileKind::kCopied) {
    PageScan scan(ready.lock.get(), ready.state);
    while (scan.Step()) {
    }
    if (!scan.damage().empty()) return Refusal(path, scan.damage());
  }
  if (ready.state.kind == FileKind::kCopied || ready.state.kind == FileKind::kPlain) {
    CLUSTR_RETURN_IF_ERROR(WriteSealed(path, &ready.lock));
    ready.state = InspectFile(ready.lock.get());
  }
  if (ready.state.kind != FileKind::kSealed) return Refusal(path, ready.state.damage);
  return ready;
}

}  // namespace clustr::storage
