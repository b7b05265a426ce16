#include "common/storage/server/turns.h"

#include "absl/strings/str_cat.h"
#include "common/storage/sql/catalogue.h"

namespace clustr::storage {
namespace {

// The keys of our advisory locks, which belong to one database; the schema tells services apart
// that share one. The numbers are ours alone by chance.
constexpr char kUpgradeKey[] = "1668051060, hashtext(current_schema())";
constexpr char kPresenceKey[] = "1668051061, hashtext(current_schema())";

// The row that each writer changes, so that holding it holds up all others.
void LockHead(Session& session) {
  session.Integer("SELECT value FROM clustr_counters WHERE name = 'head_revision' FOR UPDATE");
}

}  // namespace

void BeginUpgradeTurn(Session& session) {
  session.Run("BEGIN");
  session.Run("SET LOCAL lock_timeout = '10min'");
  session.Integer(absl::StrCat("SELECT 1 FROM pg_advisory_xact_lock(", kUpgradeKey, ")"));
  // Without the table nobody can write yet.
  if (HasTable(session, "clustr_counters")) LockHead(session);
}

void BeginWriteTurn(Session& session) {
  session.Prepared("BEGIN").Change();
  LockHead(session);
}

bool MarkPresence(Session& session) {
  const bool alone = session.Integer(absl::StrCat(
                         "SELECT CASE WHEN pg_try_advisory_lock(", kPresenceKey,
                         ") THEN 1 ELSE 0 END")) == 1;
  session.Integer(absl::StrCat("SELECT 1 FROM pg_advisory_lock_shared(", kPresenceKey, ")"));
  if (alone) {
    session.Integer(absl::StrCat("SELECT 1 FROM pg_advisory_unlock(", kPresenceKey, ")"));
  }
  return alone;
}

}  // namespace clustr::storage
