#include "common/storage/server/server_lock.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/storage/server/connector.h"
#include "common/storage/sql/guard.h"

namespace clustr::storage {

ServerLock::ServerLock(int number) : key_(absl::StrCat(number, ", hashtext(current_schema())")) {}

ServerLock::~ServerLock() = default;

absl::StatusOr<std::unique_ptr<ServerLock>> ServerLock::Make(absl::string_view url, int number) {
  CLUSTR_ASSIGN_OR_RETURN(ServerAddress address, ReadServerAddress(url));
  std::unique_ptr<ServerLock> lock(new ServerLock(number));
  lock->connector_ = std::make_unique<Connector>(std::move(address), &lock->broken_texts_);
  return lock;
}

absl::StatusOr<bool> ServerLock::TryTake() {
  CLUSTR_ASSIGN_OR_RETURN(session_, connector_->Connect());
  bool taken = false;
  const absl::Status asked = Guard([&] {
    taken = session_->Integer(absl::StrCat("SELECT CASE WHEN pg_try_advisory_lock(", key_,
                                           ") THEN 1 ELSE 0 END")) == 1;
    return absl::OkStatus();
  });
  if (!taken) session_ = nullptr;
  if (!asked.ok()) return asked;
  return taken;
}

void ServerLock::Release() {
  if (session_ == nullptr) return;
  // PostgreSQL notices the end of a connection only a little later.
  Guard([this] {
    session_->Integer(absl::StrCat("SELECT 1 FROM pg_advisory_unlock(", key_, ")"));
    return absl::OkStatus();
  }).IgnoreError();
  session_ = nullptr;
}

}  // namespace clustr::storage
