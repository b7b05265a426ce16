#include "common/storage/sql/sqlstate.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/base/errors.h"

namespace clustr::storage {
namespace {

// Whether the session that met the error is of no use any more.
bool IsLost(absl::string_view state) {
  // Classes: connection exception, and refusals to let somebody in. admin_shutdown,
  // crash_shutdown, cannot_connect_now, database_dropped and idle_session_timeout; a timeout of the
  // transaction, which ends the session, too; too_many_connections; and what a server answers to
  // writes after it became a standby.
  for (const char* prefix : {"08", "28", "57P0", "25P03", "53300", "25006"}) {
    if (absl::StartsWith(state, prefix)) return true;
  }
  return absl::StripAsciiWhitespace(state).empty();
}

bool IsBusy(absl::string_view state) {
  // serialization_failure, deadlock_detected, lock_not_available, object_in_use,
  // out_of_memory; and query_canceled, by a time limit or an administrator of the server.
  for (const char* known : {"40001", "40P01", "55P03", "55006", "53200", "57014"}) {
    if (state == known) return true;
  }
  return false;
}

}  // namespace

absl::Status StatusOfSqlstate(absl::string_view state) {
  if (IsLost(state)) {
    return MakeError(common::v1::ERROR_REASON_DATABASE_UNREACHABLE,
                     "the database server cannot be reached, or went away; try again");
  }
  if (IsBusy(state)) {
    return MakeError(common::v1::ERROR_REASON_DATABASE_BUSY, "the database is busy; try again");
  }
  // disk_full, also for the temporary files of a sort.
  if (state == "53100") {
    return MakeError(common::v1::ERROR_REASON_DISK_FULL,
                     "the disk is full: nothing was stored; make room and try again");
  }
  // data_corrupted and index_corrupted.
  if (state == "XX001" || state == "XX002") {
    return MakeError(common::v1::ERROR_REASON_DATABASE_DAMAGED,
                     "the database is damaged where this is stored; GetStatus names the database "
                     "and the remedy");
  }
  return absl::InternalError("the database failed; the log has the error code");
}

}  // namespace clustr::storage
