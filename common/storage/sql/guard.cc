#include "common/storage/sql/guard.h"

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/log.h"
#include "common/storage/sql/sqlstate.h"
#include "soci/postgresql/soci-postgresql.h"
#include "soci/sqlite3/soci-sqlite3.h"

namespace clustr::storage {
namespace {

constexpr int kBusy = 5;
constexpr int kLocked = 6;
constexpr int kInterrupted = 9;
constexpr int kCorrupt = 11;
constexpr int kFull = 13;
constexpr int kNotADatabase = 26;

absl::Status StatusOf(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
    case kFull:
      return MakeError(common::v1::ERROR_REASON_DISK_FULL,
                       "the disk is full: nothing was stored; make room and try again");
    case kBusy:
    case kLocked:
      return MakeError(common::v1::ERROR_REASON_DATABASE_BUSY, "the database is busy; try again");
    case kCorrupt:
    case kNotADatabase:
      return MakeError(common::v1::ERROR_REASON_DATABASE_DAMAGED,
                       "the database is damaged where this is stored; GetStatus names the database "
                       "and the remedy");
    default:
      return absl::InternalError("the database failed; the log has the error code");
  }
}

}  // namespace

absl::Status Guard(absl::FunctionRef<absl::Status()> work, std::string* said) {
  const auto keep = [said](const soci::soci_error& error) {
    if (said != nullptr) *said = error.what();
  };
  try {
    return work();
  } catch (const soci::sqlite3_soci_error& error) {
    keep(error);
    if ((error.result() & 0xFF) == kInterrupted) {
      return absl::CancelledError("the statement was interrupted");
    }
    Log(LogLevel::kError, "database", {{"sqlite_code", absl::StrCat(error.result())}});
    return StatusOf(error.result());
  } catch (const soci::postgresql_soci_error& error) {
    keep(error);
    const std::string state = error.sqlstate();
    Log(LogLevel::kError, "database", {{"sqlstate", state}});
    return StatusOfSqlstate(state);
  } catch (const soci::soci_error& error) {
    keep(error);
    Log(LogLevel::kError, "database", {{"code", "unknown"}});
    return absl::InternalError("the database failed; the log has the error code");
  }
}

bool IsUnreachable(const absl::Status& status) {
  return ReasonOf(status) == common::v1::ERROR_REASON_DATABASE_UNREACHABLE;
}

bool IsDamage(const absl::Status& status) {
  return ReasonOf(status) == common::v1::ERROR_REASON_DATABASE_DAMAGED;
}

}  // namespace clustr::storage
