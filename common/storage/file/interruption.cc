#include "common/storage/file/interruption.h"

#include "soci/sqlite3/soci-sqlite3.h"

namespace clustr::storage {
namespace {

constexpr int kSteps = 20'000;  // Instructions of SQLite's VM, less than a millisecond.

void SetHandler(void* connection, int steps, int (*look)(void*), void* argument) {
  sqlite_api::sqlite3_progress_handler(static_cast<sqlite_api::sqlite3*>(connection), steps, look,
                                       argument);
}

}  // namespace

Interruption::Interruption(Session& session, const Caller& caller)
    : connection_(static_cast<soci::sqlite3_session_backend*>(session.sql().get_backend())->conn_),
      caller_(caller) {
  SetHandler(connection_, kSteps, &Interruption::Look, this);
}

Interruption::~Interruption() { SetHandler(connection_, 0, nullptr, nullptr); }

int Interruption::Look(void* self) {
  auto& interruption = *static_cast<Interruption*>(self);
  interruption.reason_ = interruption.caller_.Waits();
  return interruption.reason_.ok() ? 0 : 1;
}

}  // namespace clustr::storage
