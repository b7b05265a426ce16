#include "common/storage/backup/snapshot.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "common/base/status_macros.h"
#include "common/storage/changes.h"
#include "common/storage/sql/guard.h"
#include "common/storage/file/opening.h"

namespace clustr::storage {

absl::StatusOr<std::unique_ptr<Snapshot>> Snapshot::Open(
    const std::string& path, Damage* damage,
    const std::vector<const google::protobuf::Descriptor*>& models,
    const ops::v1::BackupHeader& header) {
  std::unique_ptr<Snapshot> snapshot(new Snapshot(path + "-wal"));
  CLUSTR_RETURN_IF_ERROR(Guard([&] {
    snapshot->session_.set_broken_texts(&snapshot->broken_texts_);
    OpenSession(path, damage, &snapshot->session_);
    snapshot->session_.Run("BEGIN");
    HeadRevision(snapshot->session_);  // The first read chooses the state.
    snapshot->reader_ = std::make_unique<BackupReader>(&snapshot->session_, models, header);
    return absl::OkStatus();
  }));
  return snapshot;
}

Snapshot::~Snapshot() {
  Guard([&] {
    reader_.reset();
    session_.Run("ROLLBACK");
    return absl::OkStatus();
  }).IgnoreError();
}

absl::StatusOr<bool> Snapshot::Next(ops::v1::BackupChunk* chunk) {
  bool more = false;
  CLUSTR_RETURN_IF_ERROR(Guard([&] {
    more = reader_->Next(chunk);
    return absl::OkStatus();
  }));
  return more;
}

int64_t Snapshot::WalBytes() const {
  std::error_code error;
  const uintmax_t bytes = std::filesystem::file_size(wal_path_, error);
  return error ? 0 : static_cast<int64_t>(bytes);
}

}  // namespace clustr::storage
