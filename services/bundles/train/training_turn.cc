#include "services/bundles/train/training_turn.h"

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"

namespace clustr::bundles {
namespace {

absl::Status AlreadyRunning(absl::string_view where) {
  return MakeError(
      common::v1::ERROR_REASON_QUOTA,
      absl::StrCat("a model is already being trained", where, "; try again when it is done"),
      {{"class", "trainings"}, {"limit", "1"}});
}

}  // namespace

absl::Status TrainingTurn::TakeHere() {
  return taken_.exchange(true) ? AlreadyRunning("") : absl::OkStatus();
}

absl::Status TrainingTurn::TakeAmongServers() {
  if (among_servers_ == nullptr) return absl::OkStatus();
  CLUSTR_ASSIGN_OR_RETURN(const bool taken, among_servers_->TryTake());
  return taken ? absl::OkStatus() : AlreadyRunning(" by another server of this database");
}

void TrainingTurn::End() {
  if (among_servers_ != nullptr) among_servers_->Release();
  taken_ = false;
}

}  // namespace clustr::bundles
