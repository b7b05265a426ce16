#include "common/storage/file/background_check.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/storage/sql/guard.h"
#include "common/storage/file/interruption.h"
#include "common/storage/file/opening.h"
#include "common/storage/file/structure_check.h"

namespace clustr::storage {

BackgroundCheck::BackgroundCheck(std::string path, int file, const FileState& state, Damage* damage)
    : path_(std::move(path)), file_(file), state_(state), damage_(*damage) {
  thread_ = std::thread([this] {
    Run();
    ended_.Notify();
  });
}

BackgroundCheck::~BackgroundCheck() {
  stopped_ = true;
  thread_.join();
}

void BackgroundCheck::Run() {
  CheckSeals();
  if (stopped_ || damage_.found()) return;
  const absl::Status status = Guard([this] {
    CheckStructure();
    return absl::OkStatus();
  });
  if (!status.ok() && !stopped_) {
    Log(LogLevel::kWarning, "check of the database failed", {{"status", status.message()}});
  }
  if (IsDamage(status)) damage_.Report("its structure cannot be read");
}

void BackgroundCheck::CheckSeals() {
  PageScan scan(file_, state_);
  while (!stopped_ && scan.Step()) checked_pages_ = scan.checked();
  if (!scan.damage().empty()) damage_.Report(scan.damage());
}

void BackgroundCheck::CheckStructure() {
  Session session;
  OpenSession(path_, &damage_, &session);
  const Interruption interruption(session, {{}, &stopped_});
  for (const std::string& table : TablesOf(session)) {
    const std::string found = FindStructureDamage(session, table);
    if (stopped_) return;
    if (!found.empty()) return damage_.Report(found);
  }
}

std::string BackgroundCheck::Progress() const {
  if (ended_.HasBeenNotified()) return "";
  return absl::StrCat(
      "the database is being checked for damage: ", 100 * uint64_t{checked_pages_} / state_.pages,
      " % of its pages have their checksum; no action is needed");
}

}  // namespace clustr::storage
