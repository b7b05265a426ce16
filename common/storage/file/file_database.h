#ifndef CLUSTR_COMMON_STORAGE_FILE_FILE_DATABASE_H_
#define CLUSTR_COMMON_STORAGE_FILE_FILE_DATABASE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/storage/database.h"
#include "common/storage/file/background_check.h"
#include "common/storage/file/lock_file.h"
#include "common/storage/sql/session_pool.h"

namespace clustr::storage {

// A database in one file of SQLite. Each page of the file carries a checksum (see page_seal.h), so
// that what a damaged disk changed is never served.
class FileDatabase final : public Database {
 public:
  // Locks the file, whatever path or link leads to it, until destruction. Creates the file (mode
  // 0600) and its folder (0700) if missing; gives checksums to a file that has none (see
  // MakeReady). Waits up to two seconds for the check of the whole file, which then goes on in the
  // background. FAILED_PRECONDITION if another server has the database open or the file cannot be
  // written, is not a database or is damaged.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path, int read_sessions);
  ~FileDatabase() override;

  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> read,
                    const Caller& caller = {}) override;
  absl::StatusOr<std::unique_ptr<Snapshot>> OpenSnapshot(
      const std::vector<const google::protobuf::Descriptor*>& models,
      const ops::v1::BackupHeader& header) override;
  Session& writer_session() override { return *writer_; }
  absl::Status BeginUpgrade() override;
  absl::Status BeginWrite() override;
  void Rollback() override;
  bool EmptyLog() override;
  bool Purge(int patience_ms) override;
  bool can_purge() const override { return true; }
  std::vector<std::string> Problems() const override;

 private:
  explicit FileDatabase(std::string path) : Database(path, &DamageText), path_(std::move(path)) {}
  void OpenSessions(int read_sessions);

  const std::string path_;
  FileDescriptor lock_;  // Closed after all sessions.
  std::unique_ptr<BackgroundCheck> check_;
  std::unique_ptr<Session> writer_;
  SessionPool readers_;
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_FILE_FILE_DATABASE_H_
