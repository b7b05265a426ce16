#include "common/storage/file/damage.h"

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/log.h"

namespace clustr::storage {

std::string DamageText(absl::string_view path, absl::string_view what) {
  return absl::StrCat(path, " is damaged, or another program wrote to it: ", what,
                      "; stop this server, move the file and its -wal and -shm away, put a backup "
                      "in its place and start again; without a backup, save what can be read with "
                      "sqlite3 ",
                      path, " .recover | sqlite3 NEW");
}

void Damage::Report(absl::string_view what) {
  std::function<void()> listener;
  {
    absl::MutexLock lock(&mutex_);
    if (!what_.empty()) return;
    what_ = std::string(what);
    found_.store(true, std::memory_order_release);
    listener = listener_;
  }
  Log(LogLevel::kError, "database damaged", {{"database", name_}, {"found", what}});
  if (listener) listener();
}

void Damage::OnFound(std::function<void()> listener) {
  {
    absl::MutexLock lock(&mutex_);
    listener_ = listener;
    if (what_.empty()) return;
  }
  listener();
}

std::string Damage::Problem() const {
  absl::MutexLock lock(&mutex_);
  return what_.empty() ? "" : text_(name_, what_);
}

absl::Status Damage::Check() const {
  if (!found()) return absl::OkStatus();
  return MakeError(common::v1::ERROR_REASON_DATABASE_DAMAGED,
                   "the database is damaged, so nothing is written to it; GetStatus names the "
                   "database and the remedy");
}

}  // namespace clustr::storage
