#include "common/storage/backup/snapshot.h"

#include <filesystem>
#include <system_error>

#include "common/base/status_macros.h"
#include "common/storage/sql/guard.h"

namespace clustr::storage {

Snapshot::~Snapshot() {
  Guard([&] {
    reader_.reset();
    session_->Run("ROLLBACK");
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
